/**
 * The shapes of the server's answers about files and trainings. Nothing here runs.
 *
 * @typedef {object} Upload a file that was sent
 * @property {string} id
 * @property {string} name
 * @property {number} bytes
 * @property {string} sha256
 * @property {string} created_at
 *
 * @typedef {object} NumbersReport
 * @property {number} min
 * @property {number} max
 * @property {number} mean
 * @property {number | null} skew
 * @property {number} not_numbers
 *
 * @typedef {'numeric' | 'categorical' | 'yes/no' | 'date' | 'identifier' | 'personal' | 'text'} Kind
 *
 * @typedef {object} ColumnReport
 * @property {string} name
 * @property {string} column the header
 * @property {Kind} kind
 * @property {string | null} unit
 * @property {number} missing a share
 * @property {number} distinct
 * @property {NumbersReport | null} numbers
 * @property {boolean} is_proposed
 * @property {string} reason
 *
 * @typedef {object} Inspection
 * @property {string} name
 * @property {number} rows
 * @property {string[]} read_as
 * @property {ColumnReport[]} columns
 * @property {number} unreadable_rows
 * @property {string[]} unreadable
 *
 * @typedef {'queued' | 'running' | 'done' | 'failed' | 'cancelled'} JobState
 * @typedef {'reading' | 'rfm' | 'clusters' | 'stability' | 'keeping'} Stage
 *
 * @typedef {{ k: number, wcss: number, silhouette: number | null }} FittedK
 *
 * @typedef {object} Job a training
 * @property {string} id
 * @property {JobState} state
 * @property {boolean} is_cancelling
 * @property {number | null} position how many come before it, if it waits
 * @property {Stage | null} stage
 * @property {number} k_max
 * @property {number} iteration Lloyd's steps so far
 * @property {FittedK[]} by_k
 * @property {string | null} upload
 * @property {string} name of what it learns from
 * @property {string} created_at
 * @property {string | null} started_at
 * @property {string | null} finished_at
 * @property {{ customers: number, rows: number } | null} rfm
 * @property {number} skipped_rows
 * @property {string | null} version of the model, if it is done
 * @property {{ title: string, detail: string } | null} problem why it failed
 *
 * @typedef {object} LogColumns where what stands in a log of transactions; empty where nothing does
 * @property {string} customer
 * @property {string} date
 * @property {string} amount
 * @property {string} quantity
 * @property {string} price
 * @property {string} order
 *
 * @typedef {object} Prepared what somebody chose for a feature; empty is as proposed
 * @property {'' | 'plain' | 'log1p' | 'robust' | 'log1p,robust'} scale
 * @property {'' | 'median' | 'mode' | 'refuse'} missing
 * @property {string} weight as it is typed
 *
 * @typedef {object} Settings what is chosen for a training
 * @property {string[]} features headers
 * @property {Record<string, Prepared>} prepared by header
 * @property {boolean} isLog
 * @property {boolean} isProduct whether amounts are quantities by prices
 * @property {LogColumns} log
 * @property {'auto' | 'fixed'} count
 * @property {string} k as it is typed
 * @property {string} least as it is typed
 * @property {boolean} skip whether rows that cannot be used are left out
 */

export {};
