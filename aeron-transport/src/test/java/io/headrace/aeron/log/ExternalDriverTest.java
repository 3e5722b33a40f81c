package io.headrace.aeron.log;

import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogContext.Driver;
import io.headrace.bus.log.LogException;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A driver and an archive that the log did not start, in threads of this process. */
class ExternalDriverTest {
    private ArchivingMediaDriver driver;

    @TempDir
    private Path folder;

    @TempDir
    private Path driverFolder;

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
    }

    @Test
    void shouldRecordThroughADriverElsewhereAndGoOn() {
        launch(folder);
        for (int run = 0; run < 3; run++) {
            try (AeronEventLog log = AeronEventLog.open(context())) {
                assertEquals(run * 5_000L, log.nextSequence());
                final TestRecords records = new TestRecords(log);
                records.append(5_000, 200);
                records.awaitRecorded();
                TestRecords.verify(log, 0, records.nextSequence());
            }
        }
        assertTrue(Files.exists(driverFolder.resolve("cnc.dat")));
    }

    @Test
    void shouldGoOnAfterTheArchiveWasGone() {
        launch(folder);
        try (AeronEventLog log = AeronEventLog.open(context())) {
            final TestRecords records = new TestRecords(log);
            records.append(1_000, 200);
            records.awaitRecorded();
            driver.close();
            while (log.failure() == null) {
                log.doWork();
            }
            assertNotNull(log.failure());
            launch(folder);
            while (log.failure() != null) {
                log.doWork();
            }
            records.append(1_000, 200);
            records.awaitRecorded();
            TestRecords.verify(log, 0, 2_000);
        }
    }

    @Test
    void shouldSayThatThereIsNoDriver() {
        final LogException e = assertThrows(LogException.class, () -> AeronEventLog.open(context()));
        assertEquals(LogException.Category.STORAGE, e.category());
        assertTrue(e.getMessage().contains("no media driver runs in " + driverFolder), e.getMessage());
        assertThrows(IllegalArgumentException.class,
            () -> AeronEventLog.open(context().driverFolder(Optional.empty())));
    }

    @Test
    void shouldSayThatTheArchiveKeepsItsRecordingsElsewhere() {
        launch(folder.resolve("other"));
        final LogException e = assertThrows(LogException.class, () -> AeronEventLog.open(context()));
        assertEquals(LogException.Category.MISMATCH, e.category());
    }

    private EventLogContext context() {
        return new EventLogContext()
            .folder(folder)
            .driver(Driver.EXTERNAL)
            .driverFolder(Optional.of(driverFolder))
            .termLengthBytes(1 << 20);
    }

    private void launch(final Path archiveFolder) {
        IoUtil.delete(driverFolder.toFile(), true);
        driver = ArchivingMediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(driverFolder.toString())
                .dirDeleteOnStart(true)
                .threadingMode(ThreadingMode.SHARED)
                .counterValuesBufferLength(1 << 20),
            new Archive.Context()
                .aeronDirectoryName(driverFolder.toString())
                .archiveDir(archiveFolder.toFile())
                .markFileDir(driverFolder.resolve("archive").toFile())
                .threadingMode(ArchiveThreadingMode.SHARED)
                .controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel("aeron:ipc"))
                .replicationChannel("aeron:udp?endpoint=localhost:0"));
    }
}
