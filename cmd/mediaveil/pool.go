package main

import (
	"context"
	"iter"
	"sync"
)

// ahead is how many files may wait for one that takes long, so that results can be told in
// the order of the files.
const ahead = 128

// pool works on tasks with n goroutines and hands the results to collect one by one, in the
// order of the tasks. It takes no new task once ctx has ended or collect has failed, and
// returns when all that were begun are done.
func pool[T, R any](ctx context.Context, n int, tasks iter.Seq[T], work func(context.Context, T) R, collect func(R) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type job struct {
		task T
		done chan R
	}
	queue, order := make(chan job), make(chan chan R, ahead)
	go func() {
		defer close(order)
		defer close(queue)
		for t := range tasks {
			j := job{t, make(chan R, 1)}
			select {
			case <-ctx.Done():
				return
			case order <- j.done:
			}
			queue <- j // whoever takes it answers, so nothing waits for ever
		}
	}()
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for j := range queue {
				j.done <- work(ctx, j.task)
			}
		})
	}
	var failed error
	for done := range order {
		r := <-done
		if failed != nil {
			continue
		}
		if failed = collect(r); failed != nil {
			cancel()
		}
	}
	workers.Wait()
	return failed
}
