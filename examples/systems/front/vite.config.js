import react from "@vitejs/plugin-react";

// While it is developed the server is a process beside Vite.
export default { plugins: [react()], server: { proxy: { "/api": "http://127.0.0.1:8000" } } };
