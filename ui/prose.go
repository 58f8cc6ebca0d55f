package ui

import (
	"fmt"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// paragraph is a paragraph, a heading or an item of a list.
type paragraph struct {
	runs    []run
	heading bool
	code    bool   // its lines are kept
	marker  string // of a list's item
	indent  int    // how deep the list is
}

// run is words of one style.
type run struct {
	text  string
	style fyne.TextStyle
	link  *url.URL // nil: none
}

// paragraphs reads Markdown as Fyne does. What has no meaning here, such as a
// picture, is left out.
func paragraphs(markdown string) []paragraph {
	r := proseReader{}
	r.read(widget.NewRichTextFromMarkdown(markdown).Segments)
	r.end()
	return r.all
}

// proseReader gathers paragraphs.
type proseReader struct {
	all []paragraph
	now paragraph
}

// end ends the paragraph being read.
func (r *proseReader) end() {
	if len(r.now.runs) > 0 {
		r.all = append(r.all, r.now)
	}
	r.now = paragraph{}
}

func (r *proseReader) read(segments []widget.RichTextSegment) {
	for _, s := range segments {
		switch s := s.(type) {
		case *widget.TextSegment:
			r.text(s)
		case *widget.HyperlinkSegment:
			r.now.runs = append(r.now.runs, run{text: s.Text, link: s.URL})
		case *widget.ParagraphSegment:
			r.read(s.Texts)
			r.end()
		case *widget.ListSegment:
			r.list(s)
		}
	}
}

func (r *proseReader) text(s *widget.TextSegment) {
	switch {
	case s.Style == widget.RichTextStyleHeading || s.Style == widget.RichTextStyleSubHeading || !s.Style.Inline && s.Style.TextStyle.Bold:
		r.end()
		r.now = paragraph{heading: true, runs: []run{{text: s.Text, style: fyne.TextStyle{Bold: true}}}}
		r.end()
	case s.Style == widget.RichTextStyleCodeBlock:
		r.end()
		for l := range strings.SplitSeq(strings.TrimRight(s.Text, "\n"), "\n") {
			r.now = paragraph{code: true, runs: []run{{text: l, style: fyne.TextStyle{Monospace: true}}}}
			r.end()
		}
	case s.Text != "":
		r.now.runs = append(r.now.runs, run{text: s.Text, style: s.Style.TextStyle})
		if !s.Style.Inline {
			r.end()
		}
	case !s.Style.Inline:
		r.end()
	}
}

func (r *proseReader) list(s *widget.ListSegment) {
	depth := r.now.indent + 1
	r.end()
	for i, item := range s.Items {
		marker := "•"
		if s.Ordered {
			marker = fmt.Sprintf("%d.", s.StartNumber()+i)
		}
		r.now = paragraph{marker: marker, indent: depth}
		r.read([]widget.RichTextSegment{item})
		r.end()
	}
}

// proseText is the text of paragraphs without marks.
func proseText(all []paragraph) string {
	var lines []string
	for _, p := range all {
		line := ""
		for _, r := range p.runs {
			line += r.text
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
