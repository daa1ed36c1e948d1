"""The service that Segmenta is put beside: what becomes of a notebook when it is put behind FastAPI.

    peer.py FOLDER CSV    learns the Mall Customers and leaves scaler, k-means and customers in the folder

Then `uvicorn peer:app` serves what the folder PEER_FOLDER holds. Two things make it faster than many such
services: a request makes an array, not a DataFrame, and no thread of a pool stands between.
"""

import io
import os
import pathlib
import sys

import joblib
import numpy as np
import pandas as pd
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

FEATURES = ["Annual Income (k$)", "Spending Score (1-100)"]
FIELDS = ["annual_income", "spending_score"]
PERSONAS = {
    (-1, -1): "Sensible",
    (-1, 1): "Careless",
    (0, 0): "Standard",
    (1, -1): "Saver",
    (1, 1): "Target",
}


def learn(folder, csv):
    table = pd.read_csv(csv)
    features = table[FEATURES].to_numpy(float)
    scaling = StandardScaler().fit(features)
    clusters = KMeans(n_clusters=5, n_init=10, random_state=42).fit(scaling.transform(features))
    personas = [persona(centre) for centre in clusters.cluster_centers_]
    table["Cluster"] = clusters.labels_
    table["Persona"] = [personas[label] for label in clusters.labels_]
    joblib.dump((scaling, clusters, personas, table), folder / "model.joblib")


def persona(centre):
    levels = tuple(0 if abs(value) < 0.5 else int(np.sign(value)) for value in centre)
    return PERSONAS.get(levels, f"Group {levels}")


class Customer(BaseModel):
    age: int | None = None
    annual_income: float
    spending_score: float


app = FastAPI()
if "PEER_FOLDER" in os.environ:
    scaler, kmeans, names, customers = joblib.load(pathlib.Path(os.environ["PEER_FOLDER"]) / "model.joblib")


@app.post("/predict")
async def predict(customer: Customer):
    scaled = scaler.transform(np.array([[customer.annual_income, customer.spending_score]]))
    label = int(kmeans.predict(scaled)[0])
    distance = float(np.linalg.norm(scaled[0] - kmeans.cluster_centers_[label]))
    return {"cluster_id": label, "persona": names[label], "distance": distance}


@app.get("/stats")
async def stats():
    return {"data": customers.to_dict(orient="records")}


@app.post("/predict/batch")
async def batch(request: Request):
    rows = pd.read_json(io.BytesIO(await request.body()), lines=True)
    scaled = scaler.transform(rows[FIELDS].to_numpy(float))
    labels = kmeans.predict(scaled)
    answer = pd.DataFrame({"cluster_id": labels})
    answer["persona"] = np.array(names)[labels]
    answer["distance"] = np.linalg.norm(scaled - kmeans.cluster_centers_[labels], axis=1)
    return Response(answer.to_json(orient="records", lines=True), media_type="application/x-ndjson")


if __name__ == "__main__":
    learn(pathlib.Path(sys.argv[1]), sys.argv[2])
