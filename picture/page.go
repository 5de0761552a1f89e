package picture

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"time"

	"seedbed.example/experiment"
	"seedbed.example/story"
)

// below is what stands below the picture of a run: which one it is, and how it came
// about.
var below = template.Must(template.New("below").Parse(`
    <style>
      #story { clear: both; padding: 1rem; max-width: 75rem; line-height: 1.4; }
      #story h1 { font-size: 1.2rem; }
      #story table { border-collapse: collapse; }
      #story td { padding: 0.1rem 0.8rem 0.1rem 0; vertical-align: top; white-space: pre-line; }
      #story td:first-child { text-align: right; white-space: nowrap; color: #666666; }
      #story .harm td { color: #d33333; }
    </style>
    <section id="story">
      <h1>{{.Title}}</h1>
      <table>
{{- range .Lines}}
        <tr{{if .Harm}} class="harm"{{end}}><td>{{.At}}</td><td>{{.Text}}</td></tr>
{{- end}}
      </table>
{{- if .Untold}}
      <p>Left out: {{.Untold}} faults of the plan that struck earlier, or are of less weight.</p>
{{- end}}
    </section>
`))

// told is what of a story the page shows.
type told struct {
	Title  string
	Lines  []toldLine
	Untold int
}

type toldLine struct {
	At   time.Duration
	Text string
	Harm bool
}

// writeStory writes a picture of a run, with its title, and its story below.
func writeStory(out io.Writer, picture []byte, r *experiment.Result) error {
	title := fmt.Sprintf("%s, seed %d", r.Scenario, r.Config.Seed)
	if r.Config.Mistake != "" {
		title += ", with the mistake " + r.Config.Mistake
	}
	s := story.Of(r)
	page := told{Title: fmt.Sprintf("%s: %s", title, r.Verdict), Untold: s.Untold}
	for _, l := range s.Lines {
		page.Lines = append(page.Lines, toldLine{l.At.Round(time.Microsecond), l.Text, l.Harm})
	}
	head, tail, ok := bytes.Cut(picture, []byte("</body>"))
	if !ok {
		return fmt.Errorf("the page by Porcupine has no end to put the story at")
	}
	head = bytes.Replace(head, []byte("<title>Porcupine</title>"), []byte("<title>"+template.HTMLEscapeString(page.Title)+"</title>"), 1)
	var text bytes.Buffer
	if err := below.Execute(&text, page); err != nil {
		return err
	}
	_, err := out.Write(bytes.Join([][]byte{head, text.Bytes(), []byte("</body>"), tail}, nil))
	return err
}
