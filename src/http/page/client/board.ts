import { byId, element, setText } from "../../../page/client/dom.ts";
import { AlertList } from "./alerts/alert-list.ts";
import { AlertLog } from "./alerts/alert-log.ts";
import type { Place } from "./place.ts";
import { SensorList } from "./sensors/sensor-list.ts";
import { SensorView } from "./sensors/sensor-view.ts";
import { askJson, bufferPath, type TokenNeeded } from "./server/api.ts";
import { followEvents } from "./server/event-stream.ts";
import type { ServerEvent } from "./server/read-events.ts";
import type { AlertMessage, BufferOverview, Sensors, Trace } from "./types.ts";

/** Number of readings in the charts. */
const DRAWN_ROWS = 500;
/** Shortest time between two refreshes of the charts, ms. */
const CHART_EVERY = 400;
/** Shortest time between two refreshes of the list, ms. */
const LIST_EVERY = 1500;

/** Receives the events of a board. */
export interface BoardListener {
  chosen(place: Place): void;
  live(isLive: boolean): void;
  tokenNeeded(error: TokenNeeded): void;
  /** A request failed. */
  failed(error: unknown): void;
}

/** View of a buffer or pipeline: its sensors, charts of one of them, its alerts. */
export class Board {
  readonly node: HTMLElement;
  readonly name: string;
  readonly #listener: BoardListener;
  readonly #ended = new AbortController();
  readonly #list = new SensorList((sensor) => this.choose(sensor));
  readonly #view = new SensorView();
  readonly #alertList = new AlertList((sensor) => this.choose(sensor));
  readonly #alerts = new AlertLog();
  #sensors: Sensors = { sensor_count: 0, sensors: [] };
  #sensor: string;
  #isFirst = true;
  readonly #refreshList: () => void;
  readonly #refreshChart: () => void;

  constructor({ name, columns }: BufferOverview, sensor: string, listener: BoardListener) {
    this.name = name;
    this.#sensor = sensor;
    this.#listener = listener;
    this.node = element(
      "div",
      { class: "board" },
      this.#list.node,
      this.#view.node,
      this.#alertList.node,
    );
    this.#view.columns(columns);
    const guard = (refresh: () => Promise<void>) => () =>
      refresh().catch((error: unknown) => {
        if (!this.#ended.signal.aborted) listener.failed(error);
      });
    this.#refreshList = atMostEvery(
      LIST_EVERY,
      guard(() => this.#readSensors()),
    );
    this.#refreshChart = atMostEvery(
      CHART_EVERY,
      guard(() => this.#readTrace()),
    );
    void followEvents(
      `v1/ml/pipelines/${encodeURIComponent(name)}/events`,
      {
        event: (event) => this.#event(event),
        open: (isOpen) => listener.live(isOpen),
        tokenNeeded: (error) => listener.tokenNeeded(error),
      },
      this.#ended.signal,
    );
    this.#refresh();
  }

  /** Refreshes everything; the columns may have changed. */
  update({ columns }: BufferOverview): void {
    this.#view.columns(columns);
    this.#refresh();
  }

  #refresh(): void {
    this.#refreshList();
    this.#refreshChart();
  }

  /** Shows this sensor. */
  choose(sensor: string): void {
    if (sensor === this.#sensor) return;
    this.#sensor = sensor;
    this.#list.choose(sensor);
    this.#showSensor();
    this.#refreshChart();
    this.#listener.chosen({ buffer: this.name, sensor });
  }

  /** Ends all requests and removes the view. */
  end(): void {
    this.#ended.abort();
    this.node.remove();
  }

  async #readSensors(): Promise<void> {
    const path = `${bufferPath(this.name)}/sensors`;
    this.#sensors = await askJson<Sensors>(path, this.#ended.signal);
    const { sensors, sensor_count: total } = this.#sensors;
    const [worst] = sensors;
    if (worst !== undefined && !sensors.some(({ sensor_id: id }) => id === this.#sensor)) {
      this.choose(worst.sensor_id);
    }
    this.#list.show(sensors, total, this.#sensor);
    const fresh = this.#alerts.update(sensors);
    if (!this.#isFirst) for (const { severity, summary } of fresh) announce(severity, summary);
    this.#isFirst = false;
    this.#showSensor();
    this.#alertList.show(this.#alerts.list);
  }

  async #readTrace(): Promise<void> {
    const sensor = this.#sensor;
    if (sensor === "") return;
    const query = new URLSearchParams({ sensor_id: sensor, limit: String(DRAWN_ROWS) });
    const path = `${bufferPath(this.name)}/trace?${query}`;
    const trace = await askJson<Trace>(path, this.#ended.signal);
    if (sensor !== this.#sensor) return;
    const alerts = this.#alerts.list.filter((alert) => alert.sensor === sensor);
    this.#view.trace(trace, alerts);
  }

  #showSensor(): void {
    const shown = this.#sensors.sensors.find(({ sensor_id: id }) => id === this.#sensor);
    if (shown !== undefined) this.#view.sensor(shown);
  }

  #event({ type, data }: ServerEvent): void {
    // the trace has the scores too, with the values
    if (type === "alert") {
      const message = JSON.parse(data) as AlertMessage;
      const isNew = this.#alerts.addMessage(message);
      if (isNew && !this.#isFirst) announce(message.severity, message.explanation.summary);
      this.#alertList.show(this.#alerts.list);
    }
    this.#refresh();
  }
}

/** Makes screen readers announce the alert at once. */
function announce(severity: string, summary: string): void {
  setText(byId("news"), `New ${severity} alert: ${summary}`);
}

/** Limits the rate of a function: calls within `ms` cause one further run after it. Runs never overlap. */
function atMostEvery(ms: number, run: () => Promise<void>): () => void {
  let isResting = false;
  let isWanted = false;
  const want = (): void => {
    if (isResting) {
      isWanted = true;
      return;
    }
    isResting = true;
    isWanted = false;
    const rest = new Promise((resolve) => setTimeout(resolve, ms));
    void Promise.all([run(), rest]).then(() => {
      isResting = false;
      if (isWanted) want();
    });
  };
  return want;
}
