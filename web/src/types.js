/**
 * The shapes of the server's answers, for the type checker and the reader. Nothing here runs.
 *
 * @typedef {object} Quantiles
 * @property {number} min
 * @property {number} [p50]
 * @property {number} max
 *
 * @typedef {object} Column
 * @property {string} name short name, the key in requests
 * @property {string} column the header as it stands in the file
 * @property {'numeric' | 'categorical' | 'identifier' | 'text'} kind
 * @property {string} [unit]
 * @property {string[]} [values] of a categorical column
 * @property {number} [minimum] the least value the server accepts
 * @property {boolean} [is_yes_no] whether its numbers are 1 and 0 for yes and no
 * @property {number} [mean]
 * @property {number} [std]
 * @property {Quantiles} [quantiles]
 *
 * @typedef {object} NumericProfile
 * @property {string} name
 * @property {string} column
 * @property {number} mean
 * @property {number} average of all customers
 * @property {number} difference in standard deviations of the column
 *
 * @typedef {object} CategoricalProfile
 * @property {string} name
 * @property {string} column
 * @property {{ value: string, share: number, average: number }[]} shares
 *
 * @typedef {'low' | 'medium' | 'high'} Level
 *
 * @typedef {object} Segment
 * @property {number} cluster_id
 * @property {string} persona
 * @property {string} description
 * @property {string} action
 * @property {number} size
 * @property {number} share
 * @property {number[]} center in the features' own units, by dimension
 * @property {Level[]} levels by dimension
 * @property {{ numeric: NumericProfile[], categorical: CategoricalProfile[] }} profile
 *
 * @typedef {'silhouette' | 'calinski_harabasz' | 'davies_bouldin'} QualityIndex
 *
 * @typedef {'elbow' | QualityIndex | 'stability'} Criterion
 *
 * @typedef {{ k: number, wcss: number, stability?: number | null } & Record<QualityIndex, number | null>} ElbowRow
 *
 * @typedef {object} Elbow
 * @property {number} n_clusters the k advised
 * @property {'elbow' | 'silhouette' | 'single'} method
 * @property {ElbowRow[]} by_k
 * @property {Partial<Record<Criterion, number | null>>} advice
 * @property {'natural' | 'none'} [grouping] none: the segments are slices of a continuum
 *
 * @typedef {object} Dimension a coordinate of every centre
 * @property {string} name
 * @property {number} feature the place of its column among the features
 * @property {string} [value] a value of a categorical feature; the coordinate is its share
 *
 * @typedef {object} Missing what is assumed for an empty cell; "refuse" assumes nothing
 * @property {'median' | 'mean' | 'mode' | 'refuse'} strategy
 * @property {number | string} [value]
 *
 * @typedef {object} Preparation of one feature
 * @property {string} name
 * @property {'numeric' | 'categorical'} kind
 * @property {Missing} missing
 * @property {{ lower: number, upper: number } | null} [clip]
 * @property {boolean} [log1p]
 * @property {'standard' | 'robust' | 'none'} [scale]
 * @property {number} weight
 * @property {string} text the same in words
 *
 * @typedef {object} Projection the first two principal components
 * @property {[number, number]} explained_variance_ratio
 * @property {[number, number][]} centers one for each segment
 *
 * @typedef {object} Model
 * @property {string} model_version
 * @property {{ name: string, rows: number, skipped_rows: number }} data
 * @property {{ sample_rows: number }} [out_of_core] of customers that were read in passes
 * @property {Column[]} columns
 * @property {string[]} features
 * @property {Dimension[]} [dimensions] one for each feature where absent
 * @property {Preparation[]} [preparation] one for each feature
 * @property {Projection | null} [projection]
 * @property {{ mean_: number[], scale_: number[] }} scaler
 * @property {number} n_clusters the k of this model
 * @property {Elbow} elbow
 * @property {Segment[]} segments
 *
 * @typedef {Record<string, string | number | null>} Row a customer: original headers, Cluster, Persona
 *
 * @typedef {object} Stats
 * @property {number} total
 * @property {number} shown
 * @property {boolean} truncated
 * @property {Row[]} data
 *
 * @typedef {object} View what a window of the map shows
 * @property {number} total
 * @property {number} in_view
 * @property {[number, number]} x
 * @property {[number, number]} y
 * @property {boolean} is_complete whether `points` are all customers in the window
 * @property {[number, number, number][]} points on both axes, and the cluster id
 * @property {number} columns
 * @property {number} rows
 * @property {{ cluster_id: number, in_view: number, cells: [number, number][] }[]} segments
 *
 * @typedef {{ points: [number, number][] }} Projected the customers of Stats, in the same order
 *
 * @typedef {object} Distance
 * @property {number} cluster_id
 * @property {string} persona
 * @property {number} distance
 *
 * @typedef {object} Contribution
 * @property {string} feature
 * @property {string} column
 * @property {number} toward_segment
 *
 * @typedef {object} Switch
 * @property {string} column
 * @property {number | string | null} from a text for a categorical feature
 * @property {number | string} to
 * @property {number} [change]
 * @property {number} cluster_id
 * @property {string} persona
 *
 * @typedef {object} DriftIndex a figure of recent customers beside training
 * @property {number | null} psi null where it is not available
 * @property {number} noise what the index may be by chance
 * @property {'too_few' | 'steady' | 'shifting' | 'drifted'} verdict
 *
 * @typedef {object} Drift
 * @property {number} predictions
 * @property {number} least the predictions that are needed for a verdict
 * @property {DriftIndex['verdict']} verdict
 * @property {string} sentence
 * @property {string} [remark]
 * @property {({ column: string } & DriftIndex)[]} features
 * @property {DriftIndex & { shares: { cluster_id: number, persona: string, expected: number, observed: number }[] }} segments
 * @property {DriftIndex | null} distance
 *
 * @typedef {object} FieldIssue
 * @property {(string | number)[]} loc
 * @property {string} msg
 * @property {string} type
 * @property {Record<string, any>} [ctx]
 *
 * @typedef {object} Answer
 * @property {number} cluster_id
 * @property {string} persona
 * @property {string} description
 * @property {string} action
 * @property {string} model_version
 * @property {number} distance
 * @property {number | null} confidence
 * @property {FieldIssue[]} warnings
 * @property {[number, number] | null} [position] on the principal components
 * @property {{ distances: Distance[], runner_up: Distance | null, contributions: Contribution[], switch: Switch | null }} [explain]
 *
 * @typedef {object} Problem RFC 9457
 * @property {string} [type]
 * @property {string} [title]
 * @property {number} [status]
 * @property {string} [detail]
 * @property {FieldIssue[]} [errors]
 *
 * @typedef {Record<string, string | number>} Customer the body of a prediction
 */

export {};
