package io.headrace.perf.site;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.Mark;
import io.headrace.perf.site.SyntheticTopic.Kind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LaneFiguresTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    private final EventView view = new EventView();
    private final SyntheticEvents events =
        new SyntheticEvents("erp", List.of(new SyntheticTopic("erp.public.stock", Kind.ROW)), 10, 5);

    private EventView row(final long unit, final int index) {
        assertEquals(DecodeError.NONE, view.wrap(buffer, 0, events.event(buffer, 0, unit, index, 1)));
        return view;
    }

    @Test
    void shouldCountWhatIsDoubledOrSwapped() {
        final LaneFigures lane = new LaneFigures(true);

        lane.onEvent(row(1, 1), false);
        lane.onEvent(row(1, 2), false);
        lane.onEvent(row(1, 2), false);
        lane.onEvent(row(3, 1), false);
        lane.onEvent(row(2, 1), false);

        assertEquals(5, lane.deliveredCount());
        assertEquals(2, lane.misplacedCount());
    }

    @Test
    void shouldNotAskForAnOrderWhereTheFlowKeepsNone() {
        final LaneFigures conflating = new LaneFigures(false);
        conflating.onEvent(row(2, 1), false);
        conflating.onEvent(row(1, 1), false);
        final LaneFigures replaying = new LaneFigures(true);
        replaying.onEvent(row(2, 1), false);
        replaying.onEvent(row(1, 1), true);

        assertEquals(0, conflating.misplacedCount() + replaying.misplacedCount());
    }

    @Test
    void shouldLeaveMarksOut() {
        final LaneFigures lane = new LaneFigures(true);
        assertEquals(DecodeError.NONE, view.wrap(buffer, 0, events.mark(buffer, Mark.BEGIN, 1, 0, 1, 0)));

        lane.onEvent(view, false);

        assertEquals(0, lane.deliveredCount());
    }

    @Test
    void shouldClaimEnoughForEveryEvent() {
        final SyntheticEvents all = new SyntheticEvents("plant", List.of(
            new SyntheticTopic("plant.public.stock", Kind.ROW), new SyntheticTopic("plant.temperature", Kind.READING),
            new SyntheticTopic("plant.order", Kind.DOCUMENT)), 300, 1000);

        for (int number = 0; number < 6; number++) {
            final int length = all.event(buffer, number, 1, 1, 1);
            assertEquals(DecodeError.NONE, view.wrap(buffer, 0, length));
            assertEquals(length, Math.min(length, all.maxLengthBytes()));
        }
    }
}
