import Link from "next/link";

export const metadata = { title: "Jobs", icons: { icon: "data:," } };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <nav><Link href="/">Jobs</Link> <Link id="to-about" href="/about" prefetch={false}>About</Link></nav>
        {children}
      </body>
    </html>
  );
}
