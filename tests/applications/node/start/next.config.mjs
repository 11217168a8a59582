export default { env: { SERVER: "start" } };
