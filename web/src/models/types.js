/**
 * The shapes of the server's answers about kept models. Nothing here runs.
 *
 * @typedef {object} ModelSummary
 * @property {string} version
 * @property {string} created_at
 * @property {{ name: string, rows: number, skipped_rows: number }} data
 * @property {number} n_clusters
 * @property {string[]} features
 * @property {number} inertia
 * @property {number | null} silhouette
 * @property {boolean} is_active
 * @property {string[]} personas
 *
 * @typedef {object} Models
 * @property {string} active
 * @property {string | null} previous where a way back would lead
 * @property {ModelSummary[]} models the newest first
 * @property {{ version: string, problem: string }[]} [damaged]
 *
 * @typedef {object} Side a segment in one of two models
 * @property {number} cluster_id
 * @property {string} persona
 * @property {number} size
 * @property {number} share
 * @property {number[]} center by dimension, in the features' own units
 *
 * @typedef {object} Compared
 * @property {Side | null} live
 * @property {Side | null} candidate
 * @property {'kept' | 'new' | 'vanished'} kind
 * @property {number | null} sureness from 0 to 1
 *
 * @typedef {object} Quality
 * @property {number | null} silhouette
 * @property {number | null} calinski_harabasz
 * @property {number | null} davies_bouldin
 * @property {number} n_clusters
 * @property {number} inertia
 * @property {number} rows
 *
 * @typedef {object} Moves customers by their segment in either model
 * @property {number[]} rows ids in the live model
 * @property {number[]} columns ids in the candidate
 * @property {number[][]} counts
 *
 * @typedef {object} Comparison
 * @property {string} live
 * @property {string} candidate
 * @property {Compared[]} segments
 * @property {Moves | null} moves
 * @property {number | null} customers how many were compared
 * @property {number | null} moved
 * @property {{ live: Quality, candidate: Quality }} quality
 * @property {{ added: string[], removed: string[], common: string[] }} features by their headers
 *
 * @typedef {{ persona: string, description: string, action: string }} Texts
 */

export {};
