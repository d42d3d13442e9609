import { byId, element, setText } from "../../../page/client/dom.ts";
import { AlertList } from "./alerts/alert-list.ts";
import { AlertLog } from "./alerts/alert-log.ts";
import type { Place } from "./place.ts";
import { SensorList } from "./sensors/sensor-list.ts";
import { SensorView } from "./sensors/sensor-view.ts";
import { askJson, bufferPath, type TokenNeeded } from "./server/api.ts";
import { followEvents } from "./server/event-stream.ts";
import type { ServerEvent } from "./server/read-events.ts";
import type { AlertMessage, Sensors, Trace, WatchedBuffer } from "./types.ts";

/** Readings that charts show. */
const DRAWN_ROWS = 500;
/** Least time between two looks at the charts, and at the list, ms. */
const CHART_EVERY = 400;
const LIST_EVERY = 1500;

/** What a board tells the page. */
export interface BoardListener {
  chosen(place: Place): void;
  live(isLive: boolean): void;
  tokenNeeded(error: TokenNeeded): void;
  /** Something could not be asked. */
  failed(error: unknown): void;
}

/** One buffer or pipeline: its sensors, one of them with charts, its alerts. */
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
  readonly #lookAtList: () => void;
  readonly #lookAtChart: () => void;

  constructor({ name, columns }: WatchedBuffer, sensor: string, listener: BoardListener) {
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
    const guard = (look: () => Promise<void>) => () =>
      look().catch((error: unknown) => {
        if (!this.#ended.signal.aborted) listener.failed(error);
      });
    this.#lookAtList = atMostEvery(
      LIST_EVERY,
      guard(() => this.#readSensors()),
    );
    this.#lookAtChart = atMostEvery(
      CHART_EVERY,
      guard(() => this.#readTrace()),
    );
    void followEvents(
      `/v1/ml/pipelines/${encodeURIComponent(name)}/events`,
      {
        event: (event) => this.#event(event),
        open: (isOpen) => listener.live(isOpen),
        tokenNeeded: (error) => listener.tokenNeeded(error),
      },
      this.#ended.signal,
    );
    this.#look();
  }

  /** Looks at everything again; columns may be others now. */
  update({ columns }: WatchedBuffer): void {
    this.#view.columns(columns);
    this.#look();
  }

  #look(): void {
    this.#lookAtList();
    this.#lookAtChart();
  }

  /** Shows this sensor. */
  choose(sensor: string): void {
    if (sensor === this.#sensor) return;
    this.#sensor = sensor;
    this.#list.choose(sensor);
    this.#showSensor();
    this.#lookAtChart();
    this.#listener.chosen({ buffer: this.name, sensor });
  }

  /** It is not needed any more. */
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
    const fresh = this.#alerts.standing(sensors);
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
    // what scores say is in the trace too, with the values
    if (type === "alert") {
      const message = JSON.parse(data) as AlertMessage;
      const isNew = this.#alerts.message(message);
      if (isNew && !this.#isFirst) announce(message.severity, message.explanation.summary);
      this.#alertList.show(this.#alerts.list);
    }
    this.#look();
  }
}

/** Lets screen readers say it at once. */
function announce(severity: string, summary: string): void {
  setText(byId("news"), `New ${severity} alert: ${summary}`);
}

/** Runs at once, and again as soon as it may when it was asked for meanwhile; never twice at a time. */
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
