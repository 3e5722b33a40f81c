package io.headrace.adapters.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The sink against H2, in memory. */
class H2SinkIT extends SinkBehaviour {
    private static final String URL = "jdbc:h2:mem:sink;DB_CLOSE_DELAY=-1";

    @Override
    TestOptions options() {
        return TestOptions.of(URL).login("sa", "");
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(URL, "sa", "");
    }
}
