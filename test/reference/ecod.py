"""Reference implementation of the detector (section numbers: docs/detector-spec.md).

Plain Python, no numpy, no clock, no random numbers. Natural logarithms; scores in nats.
Summary (compact) and ExactWindow have one interface, so a detector is the same code with either of them.
"""
import math
from bisect import bisect_left, bisect_right, insort
from collections import deque

NEUTRAL = 1.0 + math.log(2.0)       # E0: mean surprise of a feature that behaves as in its reference
LN_P_MIN = math.log(1e-300)         # smallest ln p
STRIKE_DECAY = 1.0 / 64.0           # strikes forgiven per row with p > gate
# 3 surprise
EXT_GAIN, EXT_CAP = 2.0, 2.0 * math.log(1e6)
GAP_MAX, GAP_OFFSET, MEDIAN_CAP = 10, 10.0, 4.0
# 5 calibrator
TAIL_FRACTION, TAIL_MIN, MEMORY = 0.05, 10, 2000
PRIOR_WEIGHT, PRIOR_LOW, PRIOR_HIGH, PRIOR_SPREAD = 300.0, 1.15, 1.35, 0.65   # low, high: nats a sqrt(feature)
# 4 column expert
SHARE = 0.1
# 8 rounding grid
GRID_BITS, GRID_ROWS = 40, 200
# 7 novelty
NOVELTY_INTERVALS, NOVELTY_SLACK, NOVELTY_MIN_ROWS, NOVELTY_WEIGHT, NOVELTY_CAPACITY, BISECTIONS = 5, 1.25, 500, 2.0, 64, 40
# 6 compact summary
CAPACITY, TARGET, KEEP = 48, 36, 6
EPS_REFERENCE, EPS_CALIBRATOR, EPS_GROWTH = 0.35, 0.25, 1.5
GENERATIONS, BATCH = 4, 16
GOLDEN, TWO32 = 0x9E3779B9, 4294967296.0

PRESETS = {
    "stream": dict(frozen=False, smoothing=0, weight_power=0.0, contamination=0.01),
    "frozen": dict(frozen=True, smoothing=10, weight_power=16.0, contamination=0.003),
}


# ---- histories: the same interface twice (section 6) ----------------------------------------------
class ExactWindow:
    """The newest values, in arrival order and sorted (section 6)."""

    def __init__(self):
        self.sorted, self.order = [], deque()

    @property
    def n(self):
        return len(self.order)

    def push(self, x, span):
        """span (the length aimed at) matters to the compact form only."""
        x += 0.0                                        # no -0
        insort(self.sorted, x)
        self.order.append(x)

    def trim(self, limit, slack):
        while len(self.order) > limit:
            del self.sorted[bisect_left(self.sorted, self.order.popleft())]

    def ranks(self, x):
        """L = how many are <= x, G = how many are >= x (ties on both sides)."""
        return bisect_right(self.sorted, x), self.n - bisect_left(self.sorted, x)

    def around(self, x):
        """(nearest stored value below x, is x stored, nearest stored value above x); None where there is none."""
        i, j = bisect_left(self.sorted, x), bisect_right(self.sorted, x)
        return self.sorted[i - 1] if i else None, j > i, self.sorted[j] if j < self.n else None

    def at(self, rank):
        return self.sorted[rank]

    def top(self, k):
        """(the value below the k largest, mean of the k largest less that value)."""
        a, t = self.sorted, self.sorted[self.n - k - 1]
        return t, sum(v - t for v in a[self.n - k:]) / k

    def bottom(self, k):
        a, t = self.sorted, self.sorted[k]
        return t, sum(t - v for v in a[:k]) / k


class Entry:
    """One entry of a Summary: a value, how many values it stands for (per generation), and whether several were merged."""
    __slots__ = ("v", "c", "merged")

    def __init__(self, v):
        self.v, self.c, self.merged = v, [0] * GENERATIONS, False

    @property
    def total(self):
        return sum(self.c)


class Summary:
    """About the newest values, in at most CAPACITY entries sorted by value (section 6)."""

    def __init__(self, eps, one_sided):
        self.eps, self.one_sided = eps, one_sided
        self.e, self.n, self.phase = [], 0, 0
        self.size = [0] * GENERATIONS            # values of each generation
        self.newest, self.used = 0, 1            # generation being filled; generations in use

    def position(self, x):
        """How many entries have a smaller value."""
        lo, hi = 0, len(self.e)
        while lo < hi:
            mid = (lo + hi) // 2
            if self.e[mid].v < x:
                lo = mid + 1
            else:
                hi = mid
        return lo

    def ranks(self, x):
        """As ExactWindow.ranks; real numbers next to merged entries."""
        e, i = self.e, self.position(x)
        below = sum(q.total for q in e[:i])
        if i < len(e) and e[i].v == x:
            t = e[i].total
            if e[i].merged:
                return below + 0.5 * t, self.n - (below + 0.5 * t)
            return below + t, self.n - below
        low = float(below)
        if 0 < i < len(e):
            left = 0.5 * e[i - 1].total if e[i - 1].merged else 0.0
            both = left + (0.5 * e[i].total if e[i].merged else 0.0)
            if both > 0.0:
                f = (x - e[i - 1].v) / (e[i].v - e[i - 1].v)
                low = low - left + (f if f >= 0.0 else 0.5) * both
        return low, self.n - low

    def around(self, x):
        """As ExactWindow.around; entries stand for values: 'stored' = an entry (merged or not) has exactly this value."""
        i = self.position(x)
        stored = i < len(self.e) and self.e[i].v == x
        j = i + 1 if stored else i
        return self.e[i - 1].v if i else None, stored, self.e[j].v if j < len(self.e) else None

    def push(self, x, span):
        length = max(1, -(-span // (GENERATIONS - 1)))      # a generation is full at ceil(span/3) values
        if self.size[self.newest] >= length and self.used < GENERATIONS:
            self.newest = (self.newest + 1) % GENERATIONS
            self.used += 1
            self.size[self.newest] = 0
        for attempt in (0, 1):
            i = self.position(x)
            if i < len(self.e) and self.e[i].v == x:
                break
            if attempt == 0 and len(self.e) == CAPACITY:
                self.compress()
                continue
            self.e.insert(i, Entry(x + 0.0))
            break
        self.e[i].c[self.newest] += 1
        self.size[self.newest] += 1
        self.n += 1

    def trim(self, limit, slack):
        if self.n >= limit + slack:
            self.thin(self.n - limit)

    def compress(self):
        eps = self.eps
        while True:
            out, left = [self.e[0]], 0
            for q in self.e[1:]:
                p = out[-1]
                a, b = p.total, q.total
                after = self.n - left - (a + b)
                r = after if self.one_sided else min(left, after)
                if r >= KEEP and a + b <= 1.0 + eps * r:
                    if b > a or (b == a and left < after):      # the heavier value stands; equal: the one nearer the middle
                        p.v = q.v
                    p.c = [s + t for s, t in zip(p.c, q.c)]
                    p.merged = True
                else:
                    left += a
                    out.append(q)
            self.e = out
            if len(out) <= TARGET:
                return
            eps *= EPS_GROWTH

    def thin(self, k):
        """Takes k values out, from the oldest generation first, spread evenly over its ranks."""
        while k > 0:
            oldest = (self.newest + 1 - self.used) % GENERATIONS
            have = self.size[oldest]
            wanted = min(k, have)
            self.phase = (self.phase + GOLDEN) & 0xFFFFFFFF
            phi, step = self.phase / TWO32, (have / wanted if wanted else 0.0)
            j, total, nxt = 0, 0, int(phi * step)
            for q in self.e:
                total += q.c[oldest]
                while j < wanted and nxt < total:
                    q.c[oldest] -= 1
                    j += 1
                    nxt = int((j + phi) * step)
            self.e = [q for q in self.e if q.total > 0]
            self.size[oldest] -= j
            self.n -= j
            k -= j
            if self.size[oldest] == 0 and self.used > 1:
                self.used -= 1
            elif self.size[oldest] == 0 or j == 0:
                return

    def at(self, rank):
        s = 0
        for q in self.e:
            s += q.total
            if rank < s:
                return q.v
        return self.e[-1].v

    def top(self, k):
        need, total, last = k, 0.0, self.e[-1].v
        for q in reversed(self.e):
            w = min(q.total, need)
            total += w * (q.v - last)
            need -= w
            if need == 0:
                break
        t = self.at(self.n - k - 1)
        return t, total / k + (last - t)

    def bottom(self, k):
        need, total, first = k, 0.0, self.e[0].v
        for q in self.e:
            w = min(q.total, need)
            total += w * (q.v - first)
            need -= w
            if need == 0:
                break
        t = self.at(k)
        return t, (t - first) - total / k


# ---- section 3 --------------------------------------------------------------------------------------------
def surprise(a, x):
    """(u >= 0, side) of value x against the history a, which does not contain this reading (section 3)."""
    n = a.n
    low, high = a.ranks(x)
    u = max(0.0, -math.log((min(low, high) + 1.0) / (n + 1.0)))
    side = "high" if high <= low else "low"
    few = max(2, min(GAP_MAX, n // 50))                 # so many values may lie beyond x
    if n < 20 or min(low, high) > few:
        return u, side
    below, stored, above = a.around(x)
    if stored:
        return u, side
    k = max(5, n // 20)
    i, j = (k - 1) // 2, k // 2                         # the middle one or two of k
    if side == "high":
        t, mean = a.top(k)
        median = 0.5 * (a.at(n - k + i) + a.at(n - k + j)) - t
    else:
        t, mean = a.bottom(k)
        median = t - 0.5 * (a.at(i) + a.at(j))
    gap = below is not None and above is not None
    if gap:
        excess = min(x - below, above - x)
    else:
        excess = x - below if above is None else above - x
    biggest = max(abs(a.at(0)), abs(a.at(n - 1)))
    cap = MEDIAN_CAP * median
    if median <= 0.0 and mean > 0.0:                    # a coarse tail, more than half of it at t: one step of the sensor
        b, _, c = a.around(t)
        cap = min(t - b if b is not None else math.inf, c - t if c is not None else math.inf)
    scale = max(min(mean, cap), 0.05 * (a.at(n - 1 - n // 4) - a.at(n // 4)), 1e-9 * biggest)
    ratio = excess / scale if scale > 0.0 else math.inf
    if gap:
        ratio = max(0.0, ratio - GAP_OFFSET) if ratio == ratio else ratio
    u += min(EXT_GAIN * math.log1p(ratio), EXT_CAP) if ratio == ratio else EXT_CAP      # NaN (inf/inf) -> cap
    return u, side


# ---- section 5 --------------------------------------------------------------------------------------------
class Calibrator:
    """Turns a score into ln p from the detector's own out-of-sample score history; works on either history."""

    def __init__(self, history, capacity, columns, scale):
        """columns: raw columns whose surprises one score adds up; scale: sqrt(features of a column) for a plain sum, 1 for e_g."""
        self.history, self.capacity = history, capacity
        self.slope_low, self.slope_high = PRIOR_LOW * scale, PRIOR_HIGH * scale * columns
        self.pushed, self.seeds, self.limit = 0, 0, 1
        self.mean = self.var = self.cov = self.previous = 0.0

    def push(self, s, seeding=False):
        self.pushed += 1
        if self.pushed == 1:
            self.mean = s
        else:
            a = 1.0 / min(self.pushed, MEMORY)
            ds, dp = s - self.mean, self.previous - self.mean
            self.cov += a * (ds * dp - self.cov)
            self.var += a * (ds * ds - self.var)
            self.mean += a * ds
        self.previous = s
        self.history.push(s, self.limit)                # the limit after the previous push
        if seeding:
            self.seeds += 1
        self.limit = min(self.capacity, max(self.seeds, (self.pushed + 1) // 2))
        self.history.trim(self.limit, max(1, min(BATCH, self.limit // 32)))

    def effective_size(self):
        m = self.history.n
        rho = min(max(self.cov / self.var, 0.0), 0.99) if self.var > 1e-12 else 0.0
        return max(1.0, m * math.sqrt((1.0 - rho) / (1.0 + rho)))

    def tail(self):
        """(k, ln p at the threshold, threshold t, exponent K, mean excess beta); needs at least 2*TAIL_MIN scores."""
        h = self.history
        m = h.n
        n_eff = self.effective_size()
        k = min(max(TAIL_MIN, int(TAIL_FRACTION * m)), m // 2)
        t, own = h.top(k)
        prior = min(self.slope_high, max(self.slope_low, PRIOR_SPREAD * (h.at(m - 1 - m // 10) - h.at(m // 2))))
        K = k + PRIOR_WEIGHT
        beta = (k * own + PRIOR_WEIGHT * prior) / K
        return k, math.log((k * (n_eff / m) + 1.0) / (n_eff + 1.0)), t, K, beta

    def log_p(self, s):
        m = self.history.n
        if m == 0:
            return 0.0
        g = self.history.ranks(s)[1]
        if m >= 2 * TAIL_MIN:
            k, log_t, t, K, beta = self.tail()
            if g < k:
                return min(0.0, max(LN_P_MIN, log_t - K * math.log1p(max(0.0, s - t) / (K * beta))))
        n_eff = self.effective_size()
        return min(0.0, math.log((g * (n_eff / m) + 1.0) / (n_eff + 1.0)))

    def score_at(self, log_p):
        """The score with this ln p in the tail; -inf where it lies in the body."""
        if self.history.n < 2 * TAIL_MIN:
            return -math.inf
        k, log_t, t, K, beta = self.tail()
        if log_p >= log_t:
            return -math.inf
        return t + K * beta * math.expm1(min((log_t - log_p) / K, 300.0))


# ---- section 7 --------------------------------------------------------------------------------------------
def intervals_needed(a, length):
    """Fewest intervals of this length that cover the sorted values a."""
    n, start = 0, None
    for v in a:
        if start is None or v - start > length:
            n, start = n + 1, v
    return n


class NoveltyMemory:
    """Which regions of one raw column have ever been visited (section 7)."""

    def __init__(self):
        self.start_values = []
        self.low, self.high, self.used = [], [], []
        self.reach = None
        self.count = self.events = 0

    def open(self, row):
        a = sorted(self.start_values)
        self.start_values = None
        if not a:
            return
        span = a[-1] - a[0]
        lo, hi = 0.0, span / NOVELTY_INTERVALS
        if span > 0.0:
            for _ in range(BISECTIONS):
                mid = 0.5 * (lo + hi)
                if intervals_needed(a, mid) <= NOVELTY_INTERVALS:
                    hi = mid
                else:
                    lo = mid
            self.reach = hi * NOVELTY_SLACK
        else:
            self.reach = 0.01 * abs(a[0])
        for v in a:
            if not self.low or v - self.low[-1] > hi:
                self.low.append(v)
                self.high.append(v)
                self.used.append(row)
            else:
                self.high[-1] = v

    def observe(self, v, row):
        """Nats: 0 in a known region, else -ln of Laplace's estimate of the rate of novel values. Always learns."""
        if v is None:
            return 0.0
        if self.reach is None:
            if self.start_values is not None:
                self.start_values.append(v)
            self.count += 1
            return 0.0
        best, b = math.inf, -1
        for i in range(len(self.low)):
            if self.low[i] <= v <= self.high[i]:
                best, b = 0.0, i
                break
            length = max(self.high[i], v) - min(self.low[i], v)
            if length < best:
                best, b = length, i
        u = 0.0
        if best <= self.reach:
            self.low[b], self.high[b], self.used[b] = min(self.low[b], v), max(self.high[b], v), row
        else:
            u = math.log((self.count + 1.0) / (self.events + 1.0))
            self.events += 1
            if len(self.low) < NOVELTY_CAPACITY:
                self.low.append(v)
                self.high.append(v)
                self.used.append(row)
            else:
                i = self.used.index(min(self.used))
                self.low[i], self.high[i], self.used[i] = v, v, row
        self.count += 1
        return u


# ---- section 8 --------------------------------------------------------------------------------------------
def grid_step(biggest):
    """2^(floor(log2 M) - 40); 0 (no rounding) for M = 0 or where that power underflows."""
    return math.ldexp(1.0, math.frexp(biggest)[1] - 1 - GRID_BITS) if biggest > 0.0 else 0.0


def to_grid(x, step):
    """Nearest multiple of step (half to even); a value with no finer digits stays."""
    q = x / step if step > 0.0 else math.inf
    return round(q) * step + 0.0 if abs(q) < 4503599627370496.0 else x


def median_of(values):
    a = sorted(values)
    h = len(a) // 2
    return a[h] if len(a) % 2 else 0.5 * (a[h - 1] + a[h])


def anomaly_score(p, c):
    """0.5 exactly at p == c; 0.85 at p = 0.3c; 0.95 at p = 0.1c."""
    return 1.0 - 0.5 * p / c if p <= c else 0.5 * (1.0 - p) / (1.0 - c)


class Ecod:
    """The detector of one group of columns (sections 1, 2, 4, 9)."""

    def __init__(self, n_features, columns=None, raw_features=(), reference="exact", contamination=0.01, warmup_period=200,
                 window=5000, calibration_window=10000, gate=1e-5, patience=200, min_reference=8, seed_fraction=0.6,
                 frozen=False, smoothing=0, weight_power=0.0, novelty=True, rounding=True):
        """columns[j] = column number of feature j (default: one column); raw_features = features that are raw column values."""
        if not 0.0 < contamination <= 0.5:
            raise ValueError("contamination must be in (0, 0.5]")
        self.d, self.c, self.warmup_period, self.window = n_features, contamination, warmup_period, window
        self.column = list(columns) if columns is not None else [0] * n_features
        self.C = max(self.column) + 1
        self.width = [self.column.count(g) for g in range(self.C)]          # features of each column
        self.raw_features = list(raw_features)
        self.gate, self.patience, self.min_reference = gate, patience, min_reference
        self.seed_start = int(warmup_period * (1.0 - seed_fraction))
        self.frozen, self.smoothing, self.weight_power = frozen, smoothing, weight_power
        new = (lambda eps, one: Summary(eps, one)) if reference == "compact" else (lambda eps, one: ExactWindow())
        self.reference = [new(EPS_REFERENCE, False) for _ in range(n_features)]
        self.joint = Calibrator(new(EPS_CALIBRATOR, True), calibration_window, self.C, math.sqrt(n_features / self.C))
        # e_g stands for ONE column and is already divided by sqrt(its features)
        self.expert = Calibrator(new(EPS_CALIBRATOR, True), calibration_window, 1, 1.0)
        self.weights = [1.0] * n_features
        self.observations_seen, self.strikes, self.novel_rows = 0, 0.0, 0
        self.recent_s = deque(maxlen=smoothing) if smoothing else None
        self.recent_m = deque(maxlen=smoothing) if smoothing else None
        self.memory = {} if frozen or not novelty else {j: NoveltyMemory() for j in self.raw_features}
        self.novelty_opens_at = max(warmup_period, NOVELTY_MIN_ROWS)
        self.seed_rows = []
        self.rounding = rounding
        self.step = [0.0] * self.C
        self.grid_rows = min(warmup_period, GRID_ROWS)
        self.held = []                                   # rows held back until the grid is known

    # ---- section 2 ---------------------------------------------------------------------------------------
    def observe(self, x):
        x = [float(v) if v is not None and math.isfinite(v) else None for v in x]
        if self.rounding and len(self.held) + self.observations_seen < self.grid_rows:
            self.held.append(x)                          # still in the warm-up: nothing to reply yet
            if len(self.held) < self.grid_rows:
                return self._reply(None, None, [None] * self.d, seen=len(self.held))
            held, self.held = self.held, []
            self._choose_grid(held)
            for row in held:
                reply = self._step(row)
            return reply
        return self._step(x)

    def _choose_grid(self, rows):
        """Section 8: M = 90 % point of |x| > 0 over a column's raw feature (all its features where it has none)."""
        for g in range(self.C):
            own = [j for j in range(self.d) if self.column[j] == g]
            raw = [j for j in own if j in self.raw_features] or own
            a = sorted(abs(r[j]) for r in rows for j in raw if r[j])        # neither null nor 0
            self.step[g] = grid_step(a[len(a) - 1 - len(a) // 10]) if a else 0.0

    def _step(self, x):
        x = [v if v is None else to_grid(v, self.step[g]) for v, g in zip(x, self.column)]
        row = self.observations_seen
        self.observations_seen += 1
        extra = [0.0] * self.C                           # novelty of each column
        for j, memory in self.memory.items():
            extra[self.column[j]] += NOVELTY_WEIGHT * memory.observe(x[j], row)
        bonus = sum(extra)
        if self.observations_seen == self.novelty_opens_at:
            for memory in self.memory.values():
                memory.open(row)
        novel_before = self.novel_rows
        if bonus > 0.0:
            self.novel_rows += 1
        if all(v is None for v in x) and self.observations_seen != self.warmup_period:
            return self._reply(None, None, [None] * self.d)
        u = [surprise(a, v) if v is not None and a.n >= self.min_reference else None for a, v in zip(self.reference, x)]
        votes = [v and v[0] for v in u]
        voted = any(v is not None for v in votes)
        if self.observations_seen <= self.warmup_period:
            if self.observations_seen > self.seed_start and voted:
                self.seed_rows.append(votes)
            self._learn(x)
            if self.observations_seen == self.warmup_period:
                self._end_warmup()
            return self._reply(None, None, [None] * self.d)
        if not voted:
            self._learn(x)
            return self._reply(sum(self.weights) * NEUTRAL, 0.0, u)
        s, m = self._scores(votes)
        log_p, reported_s, by_column = self._combine(s, m)
        reported = log_p
        if bonus > 0.0:                                  # section 7: only what is reported
            n_columns = len(self.memory)
            rate = (novel_before + n_columns) / (row + n_columns)
            with_bonus, reported_s, by_column = self._combine(s + bonus, max(self._excess(votes, extra)))
            reported = min(log_p, max(with_bonus, log_p + math.log(rate)))
        gated = False
        if log_p <= math.log(self.gate):
            if self.strikes < self.patience:
                self.strikes += 1.0
                gated = True
        else:
            self.strikes = max(0.0, self.strikes - STRIKE_DECAY)
        if not gated and not self.frozen:
            self._calibrate(s, m)
            self._learn(x)
        column = None
        if by_column:
            e = self._excess(votes, extra)
            column = e.index(max(e))
        return self._reply(reported_s, reported, u, bonus, column)

    # ---- section 4 ---------------------------------------------------------------------------------------
    def _excess(self, votes, extra=None):
        """e_g of every column; -inf where no feature of the column voted."""
        e, voted = [0.0] * self.C, [False] * self.C
        for j, v in enumerate(votes):
            g = self.column[j]
            e[g] += self.weights[j] * (NEUTRAL if v is None else v)
            voted[g] = voted[g] or v is not None
        return [(e[g] + (extra[g] if extra else 0.0) - NEUTRAL * self.width[g]) / math.sqrt(self.width[g]) if voted[g] else -math.inf
                for g in range(self.C)]

    def _scores(self, votes):
        """(s, m): sum over the features; largest excess of a column. Both smoothed."""
        s = sum(w * (NEUTRAL if v is None else v) for w, v in zip(self.weights, votes))
        m = max(self._excess(votes)) if self.C > 1 else 0.0
        if self.smoothing:
            self.recent_s.append(s)
            self.recent_m.append(m)
            s, m = median_of(self.recent_s), median_of(self.recent_m)
        return s, m

    def _combine(self, s, m):
        """(ln p, raw_score, did the column expert decide)."""
        if self.C == 1:
            return self.joint.log_p(s), s, False
        by_sum = self.joint.log_p(s) - math.log(1.0 - SHARE)
        by_column = self.expert.log_p(m) - math.log(SHARE)
        if by_column < by_sum:
            s = max(s, self.joint.score_at(by_column + math.log(1.0 - SHARE)))
        return min(0.0, by_sum, by_column), s, by_column < by_sum

    def _calibrate(self, s, m, seeding=False):
        self.joint.push(s, seeding)
        if self.C > 1:
            self.expert.push(m, seeding)

    # ---- section 9 --------------------------------------------------------------------------------------
    def _learn(self, x):
        if self.frozen and self.observations_seen > self.warmup_period:
            return
        for a, v in zip(self.reference, x):
            if v is not None:
                a.push(v, self.window)
                a.trim(self.window, BATCH)

    def _end_warmup(self):
        if self.weight_power > 0.0 and self.seed_rows:
            w = []
            for j in range(self.d):
                u = [row[j] for row in self.seed_rows if row[j] is not None]
                mean = sum(u) / len(u) if u else NEUTRAL
                w.append(min(1.0, NEUTRAL / max(mean, 1e-9)) ** self.weight_power)
            self.weights = [v * self.d / sum(w) for v in w]
        for votes in self.seed_rows:
            self._calibrate(*self._scores(votes), seeding=True)
        self.seed_rows = []

    def _reply(self, s, log_p, u, novelty=0.0, column=None, seen=None):
        p = None if log_p is None else math.exp(log_p)
        return {
            "raw_score": s,
            "p": p,
            "w": None if log_p is None else -log_p,     # surprise of the row in nats: rank by this, feed the budget with this
            "anomaly_score": 0.0 if p is None else anomaly_score(p, self.c),
            "is_anomaly": p is not None and p <= self.c,
            "contributions": [None if v is None else self.weights[j] * v[0] for j, v in enumerate(u)],
            "sides": [None if v is None else v[1] for v in u],
            "novelty": novelty,
            "column": column,                            # the column that decided, when the column expert did
            "warm": (self.observations_seen if seen is None else seen) >= self.warmup_period,
        }


# ---- section 10 -------------------------------------------------------------------------------------------
WEEK = 604800.0
BAR_START, BAR_LOW, OPEN_BELOW = 1.0, -1.0, 2.0
SECOND_PLUS = 4.0                                       # 2 of 3: at most so much above the second largest
PEAKS, PEAK_PRIOR, RATE_PRIOR, RAISE_MAX = 200, 20.0, 5.0, 1.0
SEVERITY = ((4.0, "critical"), (1.5, "warning"), (-math.inf, "info"))
INTERVALS, RATE_CHANGE = 201, 2.0                       # newest intervals kept; used interval is replaced beyond this factor


class AlertBudget:
    """At most about `per_week` told incidents a week for one detector (section 10)."""

    def __init__(self, per_week=1.0, interval=None):
        self.B, self.interval = per_week, None
        self.intervals, self.seen, self.last_read = deque(maxlen=INTERVALS), 0, None
        self.fixed = interval is not None
        self.A, self.last_time, self.newest = BAR_START, None, deque(maxlen=3)
        self.open = self.told = False
        self.quiet, self.told_bar, self.excess = 0, 0.0, 0.0
        if self.fixed:
            self._use(interval)

    def _use(self, interval):
        """Level L0, start u of the incident tail, gap; the incident memory starts anew."""
        self.interval = interval
        n = WEEK / interval
        self.L0 = max(math.log(n / self.B), math.log(20.0))
        self.u = min(math.log(1000.0), max(self.L0 - 2.0, math.log(20.0)))
        self.cap = max(self.L0 - self.u, 1.0)
        self.gap = int(min(50.0, max(3.0, n / (8.0 * self.B))))
        self.peaks, self.rows, self.rising, self.below, self.peak = [], 0, False, 0, 0.0

    def _clock(self, t):
        """Median interval of the readings: at the first scored reading, then checked every INTERVALS readings."""
        if self.last_read is not None and t > self.last_read:
            self.intervals.append(t - self.last_read)
        self.last_read = t if self.last_read is None else max(self.last_read, t)
        self.seen += 1

    def _rate(self):
        if self.fixed or not self.intervals:
            if self.interval is None:
                self._use(60.0)
            return
        if self.interval is None or self.seen % INTERVALS == 0:
            now = sorted(self.intervals)[(len(self.intervals) - 1) // 2]
            if self.interval is None or not self.interval / RATE_CHANGE <= now <= self.interval * RATE_CHANGE:
                self._use(now)

    def reading(self, t, w, raw=None):
        """t seconds; w = -ln p or None (not scored); raw = the raw columns of the row (a row without any is no reading).
        -> dict(told, open, severity, q, bar, L0, A): told on the row that is told; open on later rows of a told incident."""
        if raw is not None and all(v is None or not math.isfinite(v) for v in raw):
            return None
        self._clock(t)
        if w is None:
            return None
        self._rate()
        self.rows += 1
        if self.last_time is not None:
            self.A = max(BAR_LOW, self.A - self.B * max(0.0, t - self.last_time) / WEEK)
        self.last_time = t if self.last_time is None else max(self.last_time, t)
        self.newest.append(w)
        b = sorted(self.newest)
        v = max(0.0, min(b[-1], (b[-2] if len(b) > 1 else 0.0) + SECOND_PLUS))
        q = self._surprise_of_incident(v)
        bar, told, following = self.L0 + self.A, False, False
        if q >= self.L0 - OPEN_BELOW:
            if not self.open:
                self.open, self.told = True, False
            self.quiet = 0
            if self.told:
                following, self.excess = True, max(self.excess, q - self.told_bar)
            elif q >= bar:
                told = self.told = True
                self.told_bar, self.excess = bar, q - bar
                self.A += 1.0
        elif self.open:
            self.quiet += 1
            if self.quiet >= self.gap:
                self.open = False
        severity = next(name for least, name in SEVERITY if self.excess >= least) if told or following else None
        return dict(told=told, open=following, severity=severity, q=q, bar=bar, L0=self.L0, A=self.A)

    def _surprise_of_incident(self, v):
        """Slow incident calibrator: v itself below u; above, how rare incidents that high have been."""
        if v < self.u:
            if self.rising:
                self.below += 1
                if self.below >= self.gap:
                    self.rising = False
                    self.peaks = (self.peaks + [(self.peak, self.rows)])[-PEAKS:]
            return v
        count = sum(x < self.cap for x, _ in self.peaks) + PEAK_PRIOR
        beta = (sum(min(x, self.cap) for x, _ in self.peaks) + PEAK_PRIOR) / count
        since = self.peaks[0][1] if len(self.peaks) == PEAKS else 0
        rate = (len(self.peaks) + RATE_PRIOR) / (max(self.rows - since, 1) + RATE_PRIOR * math.exp(self.u))
        q = min(-math.log(rate) + count * math.log1p((v - self.u) / (count * beta)), v + RAISE_MAX)
        if not self.rising:
            self.rising, self.peak = True, 0.0
        self.below, self.peak = 0, max(self.peak, v - self.u)
        return q
