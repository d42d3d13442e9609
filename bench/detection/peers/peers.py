"""
Scores of common detectors on NAB and SKAB, for `npm run bench:detection-peers`.

    pip install pyod river scikit-learn
    python bench/detection/peers/peers.py --data FOLDER --out SCORES

Writes SCORES/<peer>/<set>/<recording>.csv: one score a line, larger is rarer, empty for the first 200 readings. A score depends only
on its reading and earlier ones. Peers other than z and MAD get the features of iotmon: value, difference, mean of 10 and standard
deviation of 50 of each column. Those that are no online algorithms are fitted again every 200 readings to the newest 2,000.
"""

import argparse
import csv
import warnings
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from pyod.models.iforest import IForest
from pyod.models.knn import KNN
from river.anomaly import HalfSpaceTrees
from river.preprocessing import MinMaxScaler
from sklearn.cluster import KMeans

FIRST = 200  # readings without a score
REFIT = 200
NEWEST = 2000
TINY = 1e-9


def features_of(values):
    """(rows, columns) -> (rows, 4 x columns). Windows are shorter at the start."""
    padded = [np.vstack([np.repeat(values[:1], n - 1, axis=0), values]) for n in (2, 10, 50)]
    pairs, tens, fifties = (sliding_window_view(p, n, axis=0) for p, n in zip(padded, (2, 10, 50)))
    return np.hstack([values, pairs[..., 1] - pairs[..., 0], tens.mean(-1), fifties.std(-1)])


def earlier(values):
    """The 200 values before each reading from the 201st on, column by column."""
    return sliding_window_view(values[:-1], FIRST, axis=0)


def rolling_z(values):
    window = earlier(values)
    away = np.abs(values[FIRST:] - window.mean(-1))
    return (away / (window.std(-1) + TINY)).max(axis=1)


def rolling_mad(values):
    scores = []
    for window, row in zip(earlier(values), values[FIRST:]):
        middle = np.median(window, axis=-1)
        spread = np.median(np.abs(window - middle[:, None]), axis=-1)
        # Of a column that hardly changes, half of the values are equal.
        spread = np.maximum(spread, 0.1 * window.std(axis=-1)) + TINY
        scores.append((np.abs(row - middle) / spread).max())
    return np.array(scores)


def refitted(fit):
    """A peer that is fitted to standardised features; `fit` returns its score function."""

    def score(values):
        rows = features_of(values)
        scores = []
        for at in range(FIRST, len(rows), REFIT):
            known = rows[max(0, at - NEWEST) : at]
            middle, spread = known.mean(axis=0), known.std(axis=0) + TINY
            scores.append(fit((known - middle) / spread)((rows[at : at + REFIT] - middle) / spread))
        return np.concatenate(scores)

    return score


def k_means(known):
    model = KMeans(n_clusters=8, n_init=1, random_state=1).fit(known)
    return lambda rows: model.transform(rows).min(axis=1)


def isolation_forest(known):
    return IForest(n_estimators=50, random_state=1).fit(known).decision_function


def nearest_neighbours(known):
    return KNN(n_neighbors=5).fit(known).decision_function


def half_space_trees(values):
    scaler, trees, scores = MinMaxScaler(), HalfSpaceTrees(seed=1), []
    for row in features_of(values):
        named = dict(enumerate(row.tolist()))
        scaler.learn_one(named)
        scaled = scaler.transform_one(named)
        scores.append(trees.score_one(scaled))
        trees.learn_one(scaled)
    return np.array(scores[FIRST:])


PEERS = {
    "rolling-z": rolling_z,
    "rolling-mad": rolling_mad,
    "k-means": refitted(k_means),
    "isolation-forest": refitted(isolation_forest),
    "nearest-neighbours": refitted(nearest_neighbours),
    "half-space-trees": half_space_trees,
}


def recordings(data):
    """Name and (rows, columns) of each recording."""
    for path in sorted((data / "nab/data").glob("*/*.csv")):
        yield f"nab/{path.parent.name}/{path.name}", read(path, ",", ())
    for folder in ("valve1", "valve2", "other"):
        for path in sorted((data / "skab" / folder).glob("*.csv")):
            yield f"skab/{folder}/{path.name}", read(path, ";", ("anomaly", "changepoint"))


def read(path, delimiter, labels):
    with open(path, newline="") as file:
        head, *rows = csv.reader(file, delimiter=delimiter)
    columns = [k for k, name in enumerate(head) if k > 0 and name not in labels]
    return np.array([[float(row[k]) for k in columns] for row in rows])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default=",".join(PEERS))
    args = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")  # fewer distinct rows than clusters
    for name, values in recordings(args.data):
        for peer in args.only.split(","):
            path = args.out / peer / name
            path.parent.mkdir(parents=True, exist_ok=True)
            scores = PEERS[peer](values)
            assert len(scores) == max(0, len(values) - FIRST)
            lines = [""] * min(FIRST, len(values)) + [f"{score:.9g}" for score in scores]
            path.write_text("score\n" + "\n".join(lines) + "\n")
        print(name, flush=True)


main()
