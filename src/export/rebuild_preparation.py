from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder


def steps(feature):
    done = []
    if feature["missing"] is not None:
        done.append(SimpleImputer(strategy="constant", fill_value=feature["missing"], keep_empty_features=True))
    if feature["kind"] == "categorical":
        done.append(OneHotEncoder(categories=[feature["categories"]], handle_unknown="ignore", sparse_output=False))
    elif feature["clip"]:
        done.append(FunctionTransformer(np.clip, kw_args=dict(zip(["a_min", "a_max"], feature["clip"]))))
    if feature.get("log1p"):
        done.append(FunctionTransformer(np.log1p))
    return make_pipeline(*done) if done else "passthrough"


prepare = ColumnTransformer([(f["name"], steps(f), [f["name"]]) for f in m["features"]])
