import { numberText } from "./texts.ts";
import type { Drawing, Mark, Shade } from "./types.ts";

/** Anomaly score of the alarm boundary. */
export const ALARM = 0.5;
const STRIP = 5; // CSS pixels

/** A colour of the current theme. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A value, or a range of two values. */
export function barbell(low: number | null | undefined, high: number | null | undefined): string {
  const [from, to] = [numberText(low), numberText(high)];
  return high === undefined || from === to ? from : `${from} to ${to}`;
}

/** Draws labels and alerts behind the lines, and the alarm line. */
export function marksOf(drawing: () => Drawing, isScore: boolean): (plot: uPlot) => void {
  return (plot) => {
    const { ctx, bbox } = plot;
    const { marks, shades = [] } = drawing();
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    markShades(plot, shades);
    for (const severity of new Set(marks.map((mark) => mark.severity))) {
      ctx.fillStyle = color(`--${severity}`);
      ctx.strokeStyle = ctx.fillStyle;
      ctx.lineWidth = 2;
      for (const mark of marks) if (mark.severity === severity) markAlert(plot, mark);
    }
    if (isScore) {
      const y = plot.valToPos(ALARM, "y", true);
      ctx.strokeStyle = color("--critical");
      ctx.setLineDash([6, 4]);
      strokeLine(ctx, bbox.left, y, bbox.left + bbox.width, y);
    }
    ctx.restore();
  };
}

function markShades(plot: uPlot, shades: readonly Shade[]): void {
  const { ctx, bbox } = plot;
  const strip = STRIP * devicePixelRatio;
  ctx.fillStyle = color("--label");
  for (const { start, end } of shades) {
    const from = plot.valToPos(start, "x", true);
    const width = Math.max(plot.valToPos(end, "x", true) - from, devicePixelRatio);
    ctx.globalAlpha = 0.13;
    ctx.fillRect(from, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(from, bbox.top + bbox.height - strip, width, strip);
  }
}

function markAlert(plot: uPlot, mark: Mark): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const start = plot.valToPos(mark.start, "x", true);
  const end = Number.isFinite(mark.end) ? plot.valToPos(mark.end, "x", true) : right;
  if (end < bbox.left || start > right) return;
  if (!Number.isNaN(mark.end)) {
    ctx.globalAlpha = 0.14;
    ctx.fillRect(start, bbox.top, end - start, bbox.height);
    ctx.globalAlpha = 1;
  }
  strokeLine(ctx, start, bbox.top, start, bbox.top + bbox.height);
  const size = 5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(start - size, bbox.top);
  ctx.lineTo(start + size, bbox.top);
  ctx.lineTo(start, bbox.top + 1.6 * size);
  ctx.fill();
}

function strokeLine(
  ctx: CanvasRenderingContext2D,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
