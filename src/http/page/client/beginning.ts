import { element } from "../../../page/client/dom.ts";

/** Instructions for a server without buffers. */
export function beginning(): HTMLElement {
  const { origin } = location;
  const json = "-H 'content-type: application/json' -d";
  const lines = [
    `curl ${origin}/v1/ml/polars/buffers ${json} \\`,
    `  '{"name": "plant", "schema": {"timestamp": "datetime", "sensor_id": "str", "temperature": "float"}}'`,
    `curl ${origin}/v1/ml/anomaly/streaming ${json} \\`,
    `  '{"name": "plant_anomaly", "algorithm": "ecod", "buffer": "plant", "features": ["temperature_mean_5"]}'`,
    `curl ${origin}/v1/ml/polars/buffers/plant/append ${json} \\`,
    `  '{"rows": [{"sensor_id": "s1", "temperature": 21.5}]}'`,
  ];
  return element(
    "section",
    { class: "panel" },
    element("h2", {}, "No buffer or pipeline yet"),
    element("p", {}, "Create a buffer and a detector, and send readings:"),
    element("pre", { tabindex: "0" }, lines.join("\n")),
    element(
      "p",
      {},
      "The ",
      element("a", { href: "docs" }, "API documentation"),
      " lists all calls. This page shows buffers and pipelines as soon as they exist.",
    ),
  );
}
