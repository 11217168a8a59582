// Routes are the page's own: each is a chunk that is fetched when somebody goes there.
const routes = {
  "/": () => import("./home.js"),
  "/about": () => import("./about.js"),
};

async function show() {
  const route = routes[location.pathname] ?? (() => import("./missing.js"));
  document.querySelector("main").textContent = await (await route()).text();
}

document.querySelector("nav").addEventListener("click", (event) => {
  event.preventDefault();
  history.pushState(null, "", event.target.href);
  show();
});
addEventListener("popstate", show);
show();
