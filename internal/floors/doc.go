// Package floors holds the benchmarks that another library is the floor of. It
// is a module of its own: nobody who uses Seedbed inherits that library.
package floors
