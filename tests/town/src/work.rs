//! Pieces of work on nodes: begun, stopped at gates, gone on with, ended with their node.

use std::any::Any;

use futures_util::FutureExt;
use mostik_store::interruptions::Point;
use tokio::sync::oneshot;

use crate::{
    Town,
    gate::{Output, Stop, WorkId},
    history::About,
    town::{Event, Piece, Place, Then, Work},
};

/// How a piece of work goes on at a gate.
enum Fate {
    Passes,
    Refused,
    Pauses(i64),
    NodeEnds,
}

impl Town {
    /// Begins a piece of work on a node, and says what follows from it.
    pub fn begin<T: Any + Send>(
        &mut self,
        node: usize,
        work: impl Future<Output = T> + Send + 'static,
        then: impl FnOnce(&mut Self, Option<T>) + 'static,
    ) {
        self.begin_piece(node, false, work, then);
    }

    /// The same for work that must not stand still, because what it holds in memory others wait for.
    pub fn begin_at_once<T: Any + Send>(
        &mut self,
        node: usize,
        work: impl Future<Output = T> + Send + 'static,
        then: impl FnOnce(&mut Self, Option<T>) + 'static,
    ) {
        self.begin_piece(node, true, work, then);
    }

    fn begin_piece<T: Any + Send>(
        &mut self,
        node: usize,
        at_once: bool,
        work: impl Future<Output = T> + Send + 'static,
        then: impl FnOnce(&mut Self, Option<T>) + 'static,
    ) {
        self.works.last += 1;
        let id = self.works.last;
        let work: Work = Box::pin(async move { Box::new(work.await) as Output });
        let then: Then = Box::new(move |town: &mut Self, output: Option<Output>| {
            let output = output.and_then(|output| output.downcast::<T>().ok()).map(|output| *output);
            then(town, output);
        });
        self.works.pieces.insert(id, Piece { node, place: Place::Begins(work), task: None, then, at_once });
        self.after(0, Event::Work(id));
    }

    /// Lets a piece of work go on until it stops, or has ended.
    pub(crate) async fn go_on_with(&mut self, id: WorkId) {
        let Some(piece) = self.works.pieces.get_mut(&id) else { return };
        match std::mem::replace(&mut piece.place, Place::Runs) {
            Place::Runs => return,
            Place::Begins(work) => {
                self.gate.with(|running| running.work = Some(id));
                let gate = self.gate.clone();
                piece.task = Some(tokio::spawn(async move {
                    let output = std::panic::AssertUnwindSafe(work).catch_unwind().await;
                    gate.done(output.ok());
                }));
            }
            Place::Waits(point, go) => {
                if point == Point::Change && !self.take_writer(id) {
                    self.works.for_writer.push(id);
                    self.stand(id, point, go);
                    return;
                }
                self.gate.with(|running| running.work = Some(id));
                go.send(true).ok();
            }
        }
        self.until_it_stops(id).await;
        self.gate.with(|running| running.work = None);
        self.hand_on_writer();
    }

    async fn until_it_stops(&mut self, id: WorkId) {
        loop {
            match self.stops.recv().await {
                Some(Stop::At(point, go)) => match self.fate_at(id, point) {
                    Fate::Passes if point == Point::Change && !self.take_writer(id) => {
                        self.works.for_writer.push(id);
                        return self.stand(id, point, go);
                    }
                    Fate::Passes => {
                        go.send(true).ok();
                    }
                    Fate::Refused => {
                        self.faults.database_refused += 1;
                        go.send(false).ok();
                    }
                    Fate::Pauses(ms) => {
                        self.stand(id, point, go);
                        self.after(ms, Event::Work(id));
                        return;
                    }
                    Fate::NodeEnds => {
                        let node = self.works.pieces[&id].node;
                        self.note(About::All, format!("node {node} is killed at {point:?}"));
                        self.stand(id, point, go);
                        self.faults.killed += 1;
                        return self.kill(node).await;
                    }
                },
                Some(Stop::Done(output)) => {
                    let Some(piece) = self.works.pieces.remove(&id) else { return };
                    if output.is_none() {
                        self.violation("no work of a node panics", None, "a panic; see above");
                    }
                    self.gate.with(|running| running.work = None);
                    return (piece.then)(self, output);
                }
                None => return,
            }
        }
    }

    fn fate_at(&mut self, id: WorkId, point: Point) -> Fate {
        let faults = &self.now_faults;
        let draw = &mut self.draw_gate;
        if faults.node_killed > 0 && draw.between(0, 999_999) < i64::from(faults.node_killed) {
            return Fate::NodeEnds;
        }
        if matches!(point, Point::Question | Point::Change | Point::Commit) && draw.happens(faults.database_refuses) {
            return Fate::Refused;
        }
        if !self.works.pieces[&id].at_once && draw.happens(faults.pause) {
            return Fate::Pauses(draw.wait(150));
        }
        Fate::Passes
    }

    fn stand(&mut self, id: WorkId, point: Point, go: oneshot::Sender<bool>) {
        if let Some(piece) = self.works.pieces.get_mut(&id) {
            piece.place = Place::Waits(point, go);
        }
    }

    fn take_writer(&self, id: WorkId) -> bool {
        self.gate.with(|running| {
            let free = running.writer.is_none();
            if free {
                running.writer = Some(id);
            }
            free
        })
    }

    fn hand_on_writer(&mut self) {
        if self.gate.with(|running| running.writer.is_none()) && !self.works.for_writer.is_empty() {
            let next = self.works.for_writer.remove(0);
            self.after(0, Event::Work(next));
        }
    }

    /// Ends all work of a node, as the end of its process does.
    pub(crate) async fn end_works_of(&mut self, node: usize) {
        let ids: Vec<_> = self.works.pieces.iter().filter(|(_, piece)| piece.node == node).map(|(id, _)| *id).collect();
        let mut ended = Vec::new();
        for id in ids {
            let Some(piece) = self.works.pieces.remove(&id) else { continue };
            self.works.for_writer.retain(|waits| *waits != id);
            if let Some(task) = piece.task {
                task.abort();
                task.await.ok();
            }
            ended.push(piece.then);
        }
        self.gate.with(|running| running.work = None);
        for then in ended {
            then(self, None);
        }
        self.hand_on_writer();
    }
}
