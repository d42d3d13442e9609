/** The baseline of the HTTP benchmark: fastify that only reads and answers JSON. */
import { fastify } from "fastify";

const app = fastify();
app.post("/*", async () => ({ rows_appended: 1, current_rows: 1, warnings: [] }));
app.get("/*", async () => ({ features: {}, sensor_id: "s1", timestamp: null }));
console.error(await app.listen({ host: "127.0.0.1", port: 0 }));
process.on("SIGTERM", () => process.exit(0));
