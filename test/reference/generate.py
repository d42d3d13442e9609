"""Golden vectors of the detector, fixtures/golden/stream: synthetic data, fixed seeds. Needs numpy. Run: python3 generate.py FOLDER
Each file: config, X (features, row by row), expected.exact and expected.compact; budget files also t and budget settings. Tolerances in the file."""
import json, math, os, sys
import numpy as np
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ecod import Ecod, AlertBudget, PRESETS
OUT = sys.argv[1]
TOL = 'raw_score, w, novelty, q, bar, A, L0: relative 1e-9 (or absolute 1e-9); p = exp(-w); is_anomaly = (p <= contamination), compare only where |p-c| > 1e-9 c; top index only where unambiguous; column, told rows, severity: exact'

def ar(r, n, rho):
    x, e = np.zeros(n), r.standard_normal(n) * math.sqrt(1 - rho * rho)
    for t in range(1, n): x[t] = rho * x[t - 1] + e[t]
    return x

def feats(x, digits=None):
    """value, first difference, mean_10, std_50 (two passes); null until filled once, then null where more than half is missing"""
    x = [None if v is None or v != v else float(v) for v in x]
    n = len(x); d, m, s = [None] * n, [None] * n, [None] * n
    for t in range(n):
        if t and x[t] is not None and x[t - 1] is not None: d[t] = x[t] - x[t - 1]
        for w, o in ((10, m), (50, s)):
            if t >= w - 1:
                v = [q for q in x[t - w + 1:t + 1] if q is not None]
                if 2 * len(v) >= w:
                    mean = math.fsum(v) / len(v)
                    o[t] = mean if w == 10 else math.sqrt(math.fsum((q - mean) ** 2 for q in v) / (len(v) - 1))
    if digits is not None: d, m, s = [[v if v is None else round(v, digits) for v in a] for a in (d, m, s)]
    return [x, d, m, s]

def table(columns, digits=None):
    """columns -> (rows, column of each feature, raw features), default features"""
    f = [a for c in columns for a in feats(c, digits)]
    return [list(q) for q in zip(*f)], [g for g in range(len(columns)) for _ in range(4)], [4 * g for g in range(len(columns))]

def plain(columns):
    """columns -> value features only"""
    return [[None if v is None or v != v else float(v) for v in q] for q in zip(*columns)], list(range(len(columns))), list(range(len(columns)))

def detect(X, column, raw, reference, cfg, t=None, budget=None):
    det = Ecod(len(X[0]), columns=column, raw_features=raw, reference=reference, **cfg)
    o = dict(raw_score=[], w=[], novelty=[], column=[], top=[], anomalies=[])
    a = AlertBudget(**budget) if budget else None
    told, open_rows, levels = [], [], []
    for i, x in enumerate(X):
        r = det.observe(x)
        o['raw_score'].append(r['raw_score']); o['w'].append(r['w'])
        if r['novelty'] > 0: o['novelty'].append([i, r['novelty']])
        if r['column'] is not None: o['column'].append([i, r['column']])
        if r['is_anomaly']:
            o['anomalies'].append(i)
            v = [(c, j) for j, c in enumerate(r['contributions']) if c is not None]
            c, j = max(v, key=lambda q: (q[0], -q[1])); o['top'].append([i, j, c, r['sides'][j]])
        if a:
            z = a.reading(t[i], r['w'], [x[j] for j in raw])
            if z is not None:
                if z['told']: told.append(dict(row=i, severity=z['severity'], q=z['q'], bar=z['bar'], A=z['A'], L0=z['L0']))
                elif z['open']: open_rows.append([i, z['severity'], z['q']])
                if not levels or levels[-1][1] != a.interval: levels.append([i, a.interval, a.L0, a.u, a.gap])
    o.update(observations_seen=det.observations_seen, novel_rows=det.novel_rows, strikes=det.strikes, weights=det.weights, grid=det.step)
    if a: o['budget'] = dict(told=told, open=open_rows, levels=levels, A=a.A, peaks=[list(p) for p in a.peaks])
    return o

def write(name, note, cfg, X, column, raw, t=None, budget=None, **more):
    cfg = dict(cfg); preset = cfg.pop('preset', 'stream'); full = {**PRESETS[preset], **cfg}
    exp = {k: detect(X, column, raw, k, full, t, budget) for k in ('exact', 'compact')}
    doc = dict(name=name, note=note, generator='ecod.py', tolerance=TOL, config=dict(n_features=len(X[0]), columns=column, raw_features=raw, preset=preset, **full), n=len(X), X=X, expected=exp)
    if budget: doc.update(t=t, budget=budget)
    for k, (X2, e) in more.items(): doc[k] = dict(X=X2, expected={q: detect(X2, column, raw, q, full) for q in ('exact', 'compact')} if e else None)
    os.makedirs(OUT, exist_ok=True); f = os.path.join(OUT, name + '.json')
    json.dump(doc, open(f, 'w'), separators=(',', ':'))
    print('%-22s %4d x %2d  %.2f MB ' % (name, len(X), len(X[0]), os.path.getsize(f) / 1e6), ' '.join('%s: %d anomalies, column decides %d, novel %d%s' % (k, len(e['anomalies']), len(e['column']), len(e['novelty']), '' if 'budget' not in e else ', told %s' % [(b['row'], b['severity']) for b in e['budget']['told']]) for k, e in exp.items()))
    return doc

def generate(seed):
    r = np.random.default_rng(seed)
    x = ar(r, 2000, .9); x[900:930] += 9; x[1300:1330] += 9; x[1700] = -30; x[1850:] += 6
    write('one_column', 'default features of one column: burst, the same burst again, a spike, a lasting step', dict(), *table([np.round(x, 2)], 5))
    X = np.column_stack([ar(r, 1400, .98) + .3 * r.standard_normal(1400) for _ in range(3)]); X[r.random(X.shape) < .08] = np.nan; X[700:705] = np.nan; X[:260, 2] = np.nan; X[900:910, 1] += 8; X[1200:1206] -= 6
    write('three_columns_nulls', 'three columns: 8 % nulls, five rows without any value, the third column starts at row 260 (no rounding for it)', dict(window=600, calibration_window=900), *table(list(np.round(X, 2).T), 4))
    n = 700; com = 1.5 * np.sin(np.arange(n) / 1440 * 2 * np.pi + r.random()) + .4 * ar(r, n, .995); X = 21 + com[:, None] * (.8 + .4 * r.random(12)) + .16 * r.standard_normal((n, 12)); X[600:607, int(r.integers(12))] += 14
    write('twelve_one_jumps', 'twelve columns that move together, one jumps by 14 at row 600: the column expert names it', dict(), *table(list(np.round(X, 2).T), 3))
    n = 900; x = 21.5 + .8 * np.sin(np.arange(n) / 288 * 2 * np.pi) + .15 * r.standard_normal(n); x[[0, 77, 130]] = 85; x[400:407] += 12; x[600:607] += 12; x[650] = 85; x[700:705] = 40
    write('sentinels', 'the sentinel 85.0 in the warm-up, then readings in the gap below it', dict(), *table([np.round(x, 2), np.round(50 + 2 * r.standard_normal(n), 1)], 4))
    n = 1500; c = 1e9 + np.cumsum(r.integers(0, 4, n)) * .5; k = np.full(n, 5.0); k[500:900] = 7.5; k[1200] = 6
    write('counter_constant', 'a counter at 1e9; a constant, a new constant, back, one deviating value', dict(window=400, calibration_window=600), *table([c, k], 6))
    n = 1400; X = np.column_stack([ar(r, n, .5), np.linspace(0, 6, n) + .3 * r.standard_normal(n), r.lognormal(size=n)]); X[900:, 0] += 3; X[1100:1120, 2] = np.nan
    write('frozen', 'frozen preset, value features only', dict(preset='frozen', warmup_period=500), *plain(list(np.round(X, 4).T)))
    n = 2200; x = ar(r, n, .9); x[1500:1520] += 7; y = np.cumsum(r.standard_normal(n)); y[1000:1400] += 60
    write('small_windows_wrap', 'window 60, calibration window 120, warm-up 40: generations and rings wrap many times; a step of the second column', dict(contamination=.02, warmup_period=40, window=60, calibration_window=120, patience=50), *table(list(np.round(np.column_stack([x, y]), 2).T), 4))
    n = 1600; k = np.round(200 + 30 * np.sin(np.arange(n) / 300) + 4 * ar(r, n, .9)).astype(int); k[1100:1107] += 60; k[1400] = 0
    A, col, raw = table([k.astype(float)]); Bx = table([[int(v) / 10 for v in k]])[0]
    d = write('integer_decimal', 'one recording in tenths (X) and as decimals (decimal.X): same anomalies, raw_score equal to 1e-6, in both forms', dict(window=700, calibration_window=1200), A, col, raw, decimal=(Bx, True))
    for q in ('exact', 'compact'):
        a, b = d['expected'][q], d['decimal']['expected'][q]
        print('   ', q, 'same anomalies', a['anomalies'] == b['anomalies'], 'largest difference of raw_score %.1e' % max(abs(u - v) for u, v in zip(a['raw_score'], b['raw_score']) if u is not None))
    n = 700; X = r.standard_normal((n, 3)); X[:, 1] = 1e12 + np.round(X[:, 1]); X[:, 2] *= 1e-300; X[50, 0] = 1e30; X[150, 0] = -9999; X[400] = [1e300, -1e300, 1e-200]; X[500] = [-1.7e308, 1.7e308, 0]; X[600] = [1.7e308, -1.7e308, -1e-310]
    write('extreme_magnitudes', 'one garbage reading of 1e30 in the warm-up must not spoil the grid; 1e12 + integers; 1e-300; +-1.7e308', dict(warmup_period=100, window=200, calibration_window=300), *plain(list(X.T)))
    for name, step in (('budget_1s', 1.0), ('budget_1min', 60.0), ('budget_irregular', None)):
        n = 2600; x = ar(r, n, .9)
        for f, h, l in ((600, 8, 12), (900, -20, 12), (1250, 30, 3), (1500, -60, 40), (1900, 120, 10), (2300, 300, 10)): x[f:f + l] += h
        X, col, raw = table([np.round(x, 2)], 5); t = [1.7e9 + i * step for i in range(n)] if step else None
        if t is None:
            dt = np.where(np.arange(n) < 1400, r.exponential(60, n), r.exponential(4, n)); dt[700] = 86400 * 5; t = [round(float(v), 3) for v in 1.7e9 + np.cumsum(dt)]; t[300] = t[299]; t[1000] = t[990]; X[1100:1103] = [[None] * 4] * 3
        write(name, 'alert budget; irregular: intervals change from about 60 s to 4 s, a gap of 5 days, one equal and one earlier time, three empty rows', dict(), X, col, raw, t=t, budget=dict(per_week={'budget_1s': 2000.0, 'budget_1min': 20.0, 'budget_irregular': 20.0}[name], interval=None))
generate(20261130)
