// Package browser opens the pages that Seedbed writes in a real browser, and looks at
// what a person would see. It is a module of its own, so that nobody who uses
// Seedbed gets what drives a browser.
package browser
