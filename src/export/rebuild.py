import json, numpy as np; from sklearn.cluster import KMeans; from sklearn.preprocessing import StandardScaler
m = json.load(open("model.json")); centers = np.array(m["cluster_centers_"])
scaler = StandardScaler().fit(centers); scaler.mean_, scaler.scale_ = np.array(m["mean_"]), np.array(m["scale_"])
kmeans = KMeans(len(centers), init=centers, n_init=1).fit(centers); kmeans.cluster_centers_ = centers
