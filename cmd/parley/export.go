package main

import (
	"fmt"
	"io"

	"parley/engine"
	"parley/engine/history"
	"parley/engine/lesson"
	"parley/ui"
)

// lessonFile is a kind of file that the window makes of a lesson.
type lessonFile struct {
	format ui.Format
	ending string
	write  func(engine.Lesson) ([]byte, error)
}

// lessonFiles are in the order of the window's menu.
var lessonFiles = []lessonFile{
	{ui.MarkdownFile, ".md", func(l engine.Lesson) ([]byte, error) { return lesson.ExportMarkdown(l), nil }},
	{ui.AnkiCards, ".txt", lesson.ExportAnki},
	{ui.WebPage, ".html", lesson.ExportHTML},
}

// exporter makes files of lessons.
type exporter struct{}

// Formats implements [ui.Exporter].
func (exporter) Formats() []ui.Format {
	formats := make([]ui.Format, len(lessonFiles))
	for i, f := range lessonFiles {
		formats[i] = f.format
	}
	return formats
}

// Export implements [ui.Exporter].
func (exporter) Export(l engine.Lesson, format ui.Format) (name string, data []byte, err error) {
	for _, f := range lessonFiles {
		if f.format == format {
			data, err = f.write(l)
			return lesson.FileName(l, f.ending), data, err
		}
	}
	return "", nil, fmt.Errorf("a lesson cannot be exported as %q", format)
}

// lessonFormats are what `parley history export lesson` can make: these files, and
// the lesson as a program wants it.
func lessonFormats() map[string]func(io.Writer, history.KeptLesson) error {
	formats := map[string]func(io.Writer, history.KeptLesson) error{"json": history.WriteLessonJSON}
	for _, f := range lessonFiles {
		formats[string(f.format)] = func(w io.Writer, l history.KeptLesson) error {
			data, err := f.write(l.Lesson)
			if err == nil {
				_, err = w.Write(data)
			}
			return err
		}
	}
	return formats
}
