package dev.headgate.faults;

/**
 * What happens to a COMMIT on its way through a {@link FaultProxy}.
 *
 * <p>A fault <em>before</em> strikes when the COMMIT has arrived at the proxy and not at the
 * server. A fault <em>after</em> strikes when the server's whole answer to it has arrived, good or
 * bad, and none of it was given to the client.
 *
 * <p>Immutable, and can meet more than one COMMIT.
 */
public final class CommitFault {

  enum Moment {
    BEFORE,
    AFTER
  }

  enum Effect {
    /** It goes on to the server or the client. */
    PASS,
    /** Both sides of the connection are closed. */
    CUT,
    /** It is swallowed, as is all that follows on the connection. */
    SILENCE
  }

  private static final CommitFault NONE = new CommitFault(Moment.BEFORE, null, Effect.PASS);

  private final Moment moment;
  private final Pause pause;
  private final Effect effect;

  private CommitFault(Moment moment, Pause pause, Effect effect) {
    this.moment = moment;
    this.pause = pause;
    this.effect = effect;
  }

  /** It passes. */
  public static CommitFault none() {
    return NONE;
  }

  /**
   * It waits before the server gets it. It still gets it if the client has hung up meanwhile, as a
   * packet that was long on its way.
   */
  public static CommitFault pauseBefore(Pause pause) {
    return new CommitFault(Moment.BEFORE, pause, Effect.PASS);
  }

  /** It is executed, and the answer waits before the client gets it. */
  public static CommitFault pauseAfter(Pause pause) {
    return new CommitFault(Moment.AFTER, pause, Effect.PASS);
  }

  /** The connection is cut, and the server never gets it: rolled back. */
  public static CommitFault cutBefore() {
    return new CommitFault(Moment.BEFORE, null, Effect.CUT);
  }

  /** It is executed, and the connection is cut instead of the answer. */
  public static CommitFault cutAfter() {
    return new CommitFault(Moment.AFTER, null, Effect.CUT);
  }

  /**
   * It is swallowed, and the connection stays open and silent until somebody closes it: rolled back
   * when the client does.
   */
  public static CommitFault hangBefore() {
    return new CommitFault(Moment.BEFORE, null, Effect.SILENCE);
  }

  /** It is executed, the answer is swallowed, and the connection stays open and silent. */
  public static CommitFault hangAfter() {
    return new CommitFault(Moment.AFTER, null, Effect.SILENCE);
  }

  boolean strikesAt(Moment now) {
    return moment == now;
  }

  /** Waits if it is a pause. A wait that nobody ends cuts the connection. */
  Effect strike() throws InterruptedException {
    return pause == null || pause.hold() ? effect : Effect.CUT;
  }
}
