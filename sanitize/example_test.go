package sanitize_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
	"github.com/mediaveil/mediaveil/sanitize/policy"
)

// The copy appears whole or not at all, and the original is only read.
func ExampleCleanFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	dst := filepath.Join(dir, "clean.jpg")

	report, err := sanitize.CleanFile(context.Background(), dst, "../testdata/jpeg/phone.jpg", sanitize.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range report.Found().List() {
		fmt.Println("removed:", c)
	}
	// Output:
	// removed: location
	// removed: device
	// removed: time
	// removed: software
}

// A service cleans uploads before it stores them, in bounded memory and within the request.
func ExampleCleanReader() {
	upload := func(w http.ResponseWriter, r *http.Request) {
		var clean bytes.Buffer
		opt := sanitize.Options{MaxBytes: 64 << 20}
		switch _, err := sanitize.CleanReader(r.Context(), &clean, r.Body, opt); {
		case errors.Is(err, sanitize.ErrUnsupported):
			http.Error(w, "please send a JPEG photo", http.StatusUnsupportedMediaType)
		case errors.Is(err, sanitize.ErrTooLarge):
			http.Error(w, "the photo is too large", http.StatusRequestEntityTooLarge)
		case err != nil:
			http.Error(w, "the photo is damaged", http.StatusUnprocessableEntity)
		default:
			w.Write(clean.Bytes()) // or store them
		}
	}

	for _, body := range [][]byte{readFile("../testdata/jpeg/phone.jpg"), []byte("no photo")} {
		w := httptest.NewRecorder()
		upload(w, httptest.NewRequest("POST", "/photos", bytes.NewReader(body)))
		fmt.Println(w.Code, bytes.Contains(w.Body.Bytes(), []byte("Exif")))
	}
	// Output:
	// 200 false
	// 415 false
}

// What a multipart form holds can be read at any place, so it needs no second copy.
func ExampleClean() {
	save := func(ctx context.Context, dst io.Writer, file multipart.File, header *multipart.FileHeader) error {
		_, err := sanitize.Clean(ctx, dst, file, header.Size, sanitize.Options{})
		return err
	}
	_ = save
}

// An organisation keeps the credit of its photographer and adds its own line.
func ExampleOptions() {
	opt := sanitize.Options{
		Policy: policy.Credited(),
		Set:    []metadata.Entry{{Field: metadata.Copyright, Value: "2026 Example Relief"}},
	}
	photo := readFile("../testdata/jpeg/credited.jpg")
	var clean bytes.Buffer
	report, err := sanitize.Clean(context.Background(), &clean, bytes.NewReader(photo), int64(len(photo)), opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("written:", report.Written)

	opt.Values = true
	again, err := sanitize.Inspect(context.Background(), bytes.NewReader(clean.Bytes()), int64(clean.Len()), opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, it := range again.Items {
		fmt.Println(it.Path, it.Kept, it.Value.Reveal())
	}
	// Output:
	// written: [credit copyright]
	// jpeg/app1/exif/ifd0/Copyright true 2026 Example Relief
	// jpeg/app1/xmp/photoshop:Credit true Photo: A. Photographer
	// jpeg/app1/xmp/dc:rights true 2026 Example Relief
}

func readFile(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}
