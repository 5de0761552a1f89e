// Package zoo keeps every planted mistake of every protocol, and finds out how
// hard each is to see: how many runs it takes until one fails, who sees it, how
// small the failing run becomes, and that the same protocol without the mistake
// passes the same runs.
package zoo
