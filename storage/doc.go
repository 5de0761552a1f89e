// Package storage models a disk: what a node sees of it while all is well, and
// what is left after a crash.
//
// Nothing is durable before it is synced. At a crash, each write that was not
// is kept, lost or torn, by choice; a torn write leaves whole sectors new and
// whole sectors old. Names have a durability of their own: a file that was
// created, renamed or removed may be found as it was before, unless the
// directory was synced (Pillai et al., OSDI 2014, call these the persistence
// properties of a file system). A sync may fail, and then drops its pages: what
// it should have written is still to be read but will not survive a crash, and
// a later sync that succeeds does not change that (Rebello et al., ATC 2020).
// Bits may rot: a read finds one flipped, for good. Sectors may become
// unreadable, until they are written whole again. A write that is synced may be
// misdirected: one of its sectors keeps what it held, and another one of the
// file is overwritten instead, which shows when a crash has emptied the cache (Bairavasundaram et al., FAST 2008, count how often disks
// do each of these).
//
// It leaves out: directories below the one, links, permissions, writes that
// land in another file, and file systems that make a new file's name durable
// with its bytes.
package storage
