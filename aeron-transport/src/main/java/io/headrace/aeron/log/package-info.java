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
 */
package io.headrace.aeron.log;
