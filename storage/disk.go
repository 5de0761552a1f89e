package storage

import "errors"

// A Disk is one flat directory of files, as a node sees it. The simulated one
// is [Simulated]; the interface is small enough that a real directory can
// stand behind it.
//
// Nothing is durable before it is synced: a file's bytes by [File.Sync], the
// names (creation, renaming and removal) by [Disk.SyncDir].
type Disk interface {
	// Create makes an empty file, or empties the one of that name.
	Create(name string) (File, error)
	// Open returns the file of that name, or [ErrNotExist].
	Open(name string) (File, error)
	// Rename gives a file another name, in place of the file that had it.
	Rename(from, to string) error
	// Remove takes a file away, or returns [ErrNotExist].
	Remove(name string) error
	// List returns the names of all files, sorted.
	List() ([]string, error)
	// SyncDir makes durable which names exist and what they name.
	SyncDir() error
}

// A File is an open file of a [Disk].
type File interface {
	// Write appends p to the end of the file.
	Write(p []byte) (int, error)
	// WriteAt writes p at offset, extending the file with zeros if need be.
	WriteAt(p []byte, offset int64) (int, error)
	// ReadAt fills p from offset; it returns io.EOF when fewer bytes are there.
	ReadAt(p []byte, offset int64) (int, error)
	// Truncate sets the file's size.
	Truncate(size int64) error
	// Size returns the file's size in bytes.
	Size() (int64, error)
	// Sync makes the file's bytes durable. After an error nothing is known of
	// the bytes written since the last successful one, and a later success
	// says nothing about them either.
	Sync() error
}

// Errors that a disk returns, to be tested with [errors.Is].
var (
	ErrNotExist = errors.New("file does not exist")
	ErrFull     = errors.New("no space left on disk")
	ErrIO       = errors.New("input/output error")
	ErrCrashed  = errors.New("the machine of this disk has crashed")
)

// SectorSize is the unit, in bytes, in which the medium writes atomically: a
// torn write leaves whole sectors old and whole sectors new.
const SectorSize = 512
