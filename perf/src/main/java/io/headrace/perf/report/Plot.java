package io.headrace.perf.report;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Immutable: a chart and the file that it goes to.
 *
 * @param name    of the file, without its ending.
 * @param caption for the page.
 * @param chart   to be drawn.
 */
record Plot(String name, String caption, Chart<?, ?> chart) {
    private static final int DOTS_PER_INCH = 144;

    void writePng(final Path folder) throws IOException {
        BitmapEncoder.saveBitmapWithDPI(
            chart, folder.resolve(name).toString(), BitmapEncoder.BitmapFormat.PNG, DOTS_PER_INCH);
    }

    /** Within the page, so that it needs no other file. */
    String dataUri() throws IOException {
        final ByteArrayOutputStream svg = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        return "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(svg.toByteArray());
    }
}
