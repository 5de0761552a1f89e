// Package stories is what tests of protocols share: a world of servers, striking it
// with what goes wrong, and telling what has happened in it. [Run] carries out
// stories, which are files of commands and of what comes of them, in golden text.
package stories
