/**
 * The event log on Aeron Archive: one recording for each bus, written through one exclusive IPC publication by the log
 * thread, and read in place from the archive's segment files.
 *
 * <pre>
 *   record   │ header (32) │ event or control message │       one Aeron message, in fragments when it is long
 *   frame    │ Aeron data header (32) │ fragment │ padding to 32 bytes │        as the archive writes it
 *   segment  │ frame │ frame │ … │        a file of fixed length, named RECORDING-POSITION.rec; a record never
 *                                         crosses a term, and so never a segment
 * </pre>
 *
 * What lies in a log's folder:
 *
 * <pre>
 *   archive.catalog        the archive's: length of terms and segments, where the recording begins and stopped
 *   0-134217728.rec        the segment that begins at that position
 *   index                  sequence, time and position of about every mebibyte; can be lost
 *   writer.lock            locked by the process that writes the log, and its process id
 *   damaged-4711.bin       what stood at that position before a repair gave it up
 * </pre>
 */
package io.headrace.aeron.log;
