// Package models holds sequential specifications: what a system would answer
// if it did one thing at a time. A history is linearizable if its operations
// can be put in an order, within their own times, that a model agrees with
// (Herlihy and Wing, "Linearizability: a correctness condition for concurrent
// objects", 1990).
//
// Each [Model] is a [porcupine.Model] for [history.Input] and [history.Output].
// An output of another type, such as nil, is that of an operation whose outcome
// is unknown, and fits every answer. Every model is total: what is asked for can
// always be done, so that an operation that may never have happened can be put
// at the end.
//
// Keys are independent, so histories are partitioned by key, and a state is
// that of one key: of one register, one queue, one instance of a consensus, or
// one bank with all its accounts. A list is read as its elements with a blank
// between them, so no element holds one; how the balances of a bank are read says
// [Balances].
//
// [Model.Accepts] says which operation of a history a model cannot judge.
// Locks and transactions over several keys are left out.
package models
