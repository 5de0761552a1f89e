// Package models holds sequential specifications: what a system would answer
// if it did one thing at a time. A history is linearizable if its operations
// can be put in an order, within their own times, that a model agrees with.
//
// The models take [history.Input] and [history.Output]. A nil output is that
// of an operation whose outcome is unknown, and fits every answer.
package models
