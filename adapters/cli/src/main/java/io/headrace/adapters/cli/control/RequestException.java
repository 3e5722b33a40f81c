package io.headrace.adapters.cli.control;

/** A request that is not answered as asked. Thrown on the thread of its exchange. */
final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String remedy;

    /**
     * Makes the exception.
     *
     * @param status  of HTTP.
     * @param message what is wrong, in one sentence.
     * @param remedy  what would be right, in one sentence.
     */
    RequestException(final int status, final String message, final String remedy) {
        super(message);
        this.status = status;
        this.remedy = remedy;
    }

    int status() {
        return status;
    }

    String remedy() {
        return remedy;
    }
}
