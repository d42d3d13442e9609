import { element } from "../../../page/client/dom.ts";

/** What to do on a server where nothing runs yet. */
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
    element("h2", {}, "Nothing is running yet"),
    element("p", {}, "Create a buffer, a detector that observes it, and send readings:"),
    element("pre", { tabindex: "0" }, lines.join("\n")),
    element(
      "p",
      {},
      "All that can be done is in the ",
      element("a", { href: "/docs" }, "documentation of the API"),
      ". This page shows what runs as soon as there is something.",
    ),
  );
}
