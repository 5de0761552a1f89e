package main

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// wanted is what a flag of each type takes.
var wanted = map[string]string{
	"uint64":   "a whole number from 0 on",
	"int":      "a whole number",
	"bool":     "true or false",
	"duration": "a duration, such as 90s or 10m",
}

// aboutFlag says what is wrong with a flag, and what would be right.
func aboutFlag(c *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &invalid) && wanted[invalid.GetFlag().Value.Type()] != "":
		f := invalid.GetFlag()
		return fmt.Errorf("--%s %s: want %s", f.Name, invalid.GetValue(), wanted[f.Value.Type()])
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
		return &unknownName{What: "flag of " + c.CommandPath(), Name: "--" + unknown.GetSpecifiedName(), Known: known}
	default:
		return err
	}
}

// version is the module's, as the program was built of it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version + ", " + info.GoVersion
	}
	return "unknown"
}
