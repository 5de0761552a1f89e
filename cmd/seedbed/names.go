package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"seedbed.example/experiment"
)

// unknownName says that there is nothing of that name.
type unknownName = experiment.UnknownError

// hints are lines that help after an error: the names that come nearest to one
// that is not known, and how to see them all.
func hints(err error) []string {
	var unknown *experiment.UnknownError
	if !errors.As(err, &unknown) {
		return nil
	}
	var lines []string
	if near := nearest(unknown.Name, unknown.Known); len(near) > 0 {
		lines = append(lines, "Did you mean "+strings.Join(near, " or ")+"?")
	} else if len(unknown.Known) <= 12 {
		lines = append(lines, fmt.Sprintf("There is: %s.", strings.Join(unknown.Known, ", ")))
	}
	if path, ok := strings.CutPrefix(unknown.What, "flag of "); ok {
		lines = append(lines, "To see all there is: "+path+" --help")
	} else if !slices.Contains([]string{"format", "input format", "design"}, unknown.What) {
		lines = append(lines, "To see all there is: seedbed list")
	}
	return lines
}

// nearest returns the known names that name may have been meant for, the
// likeliest first, at most three.
func nearest(name string, known []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, k := range known {
		_, short, _ := strings.Cut(k, ".")
		distance := edits(name, k)
		if short != "" {
			distance = min(distance, edits(name, short))
		}
		if contains := len(name) > 2 && strings.Contains(strings.ToLower(k), strings.ToLower(name)); contains {
			distance = 0
		}
		if distance <= max(2, len(name)/3) {
			near = append(near, candidate{k, distance})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range near[:min(3, len(near))] {
		names = append(names, c.name)
	}
	return names
}

func edits(a, b string) int {
	return levenshtein.ComputeDistance(strings.ToLower(a), strings.ToLower(b))
}
