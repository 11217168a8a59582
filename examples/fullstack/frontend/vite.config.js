// While it is developed the back end is a process beside Vite; in production Nginx stands before both.
export default { server: { proxy: { "/api": "http://127.0.0.1:8000" } } };
