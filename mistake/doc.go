// Package mistake is how documented mistakes of protocols are written down.
//
// A protocol keeps the decisions on which its safety rests as rules: a struct
// of functions and settings, in rules.go. A mistake replaces one of them, and
// says what is done wrong, where that is documented, and which checkers should
// see it. A protocol's mistakes are a [List] over its rules, in mistakes.go;
// whoever runs it plants one by its id, and otherwise knows only what
// [Mistake] says.
package mistake
