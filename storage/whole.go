package storage

import (
	"errors"
	"io"
)

// ReadAll returns all that a file holds.
func ReadAll(file File) ([]byte, error) {
	size, err := file.Size()
	if err != nil {
		return nil, err
	}
	data := make([]byte, size)
	if _, err := file.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data, nil
}

// ReplaceFile makes name hold data, durably and at one stroke: whatever happens
// meanwhile, the old bytes are there or the new ones. It writes them to
// name.new first. After an error nothing is known of either.
func ReplaceFile(disk Disk, name string, data []byte) (File, error) {
	temp := name + ".new"
	file, err := disk.Create(temp)
	if err != nil {
		return nil, err
	}
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	if err := file.Sync(); err != nil {
		return nil, err
	}
	if err := disk.Rename(temp, name); err != nil {
		return nil, err
	}
	return file, disk.SyncDir()
}
