package dev.headgate.containers.history;

import dev.headgate.containers.history.Heard.End;
import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.datasource.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what a client has heard with what is stored. */
final class Judge {

  /** The tenants in whose databases each token is. */
  private final Map<Long, List<Integer>> stored;

  private final EmbeddedContainer container;
  private final Findings findings;

  Judge(Map<Long, List<Integer>> stored, EmbeddedContainer container, Findings findings) {
    this.stored = stored;
    this.container = container;
    this.findings = findings;
  }

  void judge(Trace trace) {
    new Case(trace).judge();
  }

  private final class Case {

    private final Trace trace;
    private final Plan plan;
    private final Heard heard;
    private final List<Long> tokens;

    /** How many of the tokens are stored. */
    private final int there;

    Case(Trace trace) {
      this.trace = trace;
      this.plan = trace.plan();
      this.heard = Objects.requireNonNull(trace.heard());
      this.tokens = trace.tokens();
      this.there = (int) tokens.stream().filter(stored::containsKey).count();
    }

    void judge() {
      judgePlace();
      judgeWhole();
      judgeAnswer();
      require(
          there >= trace.confirmed() && stored.keySet().containsAll(trace.independent()),
          Rule.CONFIRMED_IS_STORED);
      judgeOutcome();
      judgeActions();
    }

    private void judgePlace() {
      Set<Long> possible = new HashSet<>(tokens);
      possible.addAll(trace.independent());
      possible.addAll(trace.independentUnknown());
      if (trace.hasPaged()) {
        possible.add(trace.pageToken());
      }
      long first = (long) plan.index() * Trace.TOKENS;
      for (long token = first; token < first + Trace.TOKENS; token++) {
        List<Integer> places = stored.get(token);
        if (places != null) {
          require(
              possible.contains(token) && places.equals(List.of(plan.tenant())), Rule.RIGHT_PLACE);
        }
      }
    }

    private void judgeWhole() {
      boolean prefix = stored.keySet().containsAll(tokens.subList(0, there));
      boolean whole = there == 0 || there == tokens.size() || trace.bounds().contains(there);
      require(prefix && whole, Rule.WHOLE);
    }

    private void judgeAnswer() {
      if (heard.isSuccess()) {
        boolean complete = heard.end() == End.WHOLE;
        require(!complete || there == tokens.size(), Rule.SUCCESS_IS_STORED);
        require(there >= trace.tokensBefore(heard.bytes()), Rule.BYTES_ARE_STORED);
        // The head alone says it, where nothing may go out before the end.
        require(plan.body().isStreamed() || there == tokens.size(), Rule.SUCCESS_IS_STORED);
        require(
            !complete || heard.status() >= 300 || heard.bytes() == trace.written(), Rule.ANSWERED);
      } else if (heard.status() > 0) {
        require(isFailureTrue(), Rule.FAILURE_IS_NOT_STORED);
        // Jetty answers for itself where a part of the length that was told is missing.
        boolean isShort = plan.body().hasLength() && trace.written() < plan.length();
        require(!heard.success() || isShort, Rule.ANSWERED);
      }
      if (heard.page() && heard.end() == End.WHOLE && trace.hasPaged()) {
        require(stored.containsKey(trace.pageToken()), Rule.SUCCESS_IS_STORED);
      }
      require(heard.status() > 0 || plan.reading().isAborted() || isForgotten(), Rule.ANSWERED);
      require(heard.end() != End.OPEN && heard.end() != End.GARBLED, Rule.ANSWERED);
      require(
          heard.index() == null || heard.index().equals(Integer.toString(plan.index())),
          Rule.ANSWERED);
    }

    /** Whether the container has closed the connection by itself. */
    private boolean isForgotten() {
      return container.forgetsTimeouts()
          && plan.shape().hasTimeout()
          && heard.afterFailure()
          && heard.end() == End.CUT;
    }

    private boolean isFailureTrue() {
      @Nullable Outcome outcome = trace.outcome();
      boolean unknown = outcome == Outcome.UNKNOWN || heard.unknown();
      if (unknown || (outcome == Outcome.PARTLY && !heard.page())) {
        return true;
      }
      return there == trace.confirmed()
          || (trace.isDoubted() && there > trace.confirmed())
          || (plan.body().isStreamed() && (there == 0 || outcome != Outcome.ROLLED_BACK));
    }

    private void judgeOutcome() {
      Outcome outcome = trace.outcome();
      boolean is =
          outcome == null
              ? there == trace.confirmed() || plan.body().isStreamed()
              : switch (outcome) {
                case COMMITTED -> there == tokens.size();
                case ROLLED_BACK -> there == 0;
                case UNKNOWN -> there == 0 || there == tokens.size();
                case PARTLY -> true;
              };
      require(is, Rule.OUTCOME_IS_TRUE);
      require(
          heard.outcome() == null || heard.outcome().equals(String.valueOf(outcome)),
          Rule.OUTCOME_IS_TRUE);
    }

    private void judgeActions() {
      if (!trace.hasRegistered()) {
        return;
      }
      List<Outcome> actions = trace.actions();
      boolean are =
          actions.size() == 1
              && switch (actions.get(0)) {
                case COMMITTED -> there >= trace.firstBound();
                case ROLLED_BACK -> there == 0;
                default -> true;
              };
      require(are, Rule.ACTIONS_ARE_TRUE);
    }

    private void require(boolean kept, Rule rule) {
      if (!kept) {
        findings.add(rule, "%d of %d tokens are stored".formatted(there, tokens.size()), trace);
      }
    }
  }
}
