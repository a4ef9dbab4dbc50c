using System.Diagnostics.Metrics;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Verification;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>The figures of the control log; read when somebody listens.</summary>
internal static class ControlFigures
{
    /// <summary>Begins to tell them.</summary>
    public static void Observe(Meter meter, ControlDesk desk)
    {
        ControlCounters counters = desk.Counters;
        Gauge("sigma.control.height", "{block}", "Last final block.", status => (long)status.Height.Value);
        Gauge("sigma.control.lag", "{block}", "Final blocks that are not here yet.", status => (long)status.Lag);
        Gauge("sigma.control.epoch", "{epoch}", "Epoch.", status => (long)status.Epoch.Value);
        Gauge("sigma.control.view", "{view}", "View.", status => (long)status.View.Value);
        Gauge("sigma.control.voting", "{validator}", "1 if this node votes.", status => status.IsVoting ? 1 : 0);
        Gauge(
            "sigma.control.running", "{replica}", "1 if the replica runs.",
            status => status.State == ControlState.Running ? 1 : 0);
        Gauge("sigma.control.waiting", "{group}", "Groups of commands that wait.", status => status.WaitingGroups);
        Gauge(
            "sigma.control.wal.segments", "{file}", "Files of the write-ahead log.",
            status => status.Wal?.Segments ?? 0);
        Gauge(
            "sigma.control.blocks.size", "By", "Bytes of the stored blocks.", status => status.Wal?.BlockBytes ?? 0);
        meter.CreateObservableGauge(
            "sigma.control.frames.size", () => desk.Frames.Bytes, "By", "Bytes of peers that wait to be verified.");
        Counter("sigma.control.commands", "{command}", "Commands in final blocks.", () => counters.Commands);
        Counter("sigma.control.blocks", "{block}", "Final blocks.", () => counters.Blocks);
        Counter("sigma.control.turns", "{turn}", "Turns of the replica.", () => counters.Turns);
        Counter("sigma.control.writes", "{turn}", "Turns that were made durable.", () => counters.Writes);
        Counter("sigma.control.votes", "{vote}", "Own votes.", () => counters.Votes);
        Counter(
            "sigma.control.guard.refusals", "{ballot}", "Ballots that the vote guard refused.",
            () => counters.GuardRefusals);
        Counter("sigma.control.frames", "{frame}", "Frames of peers.", () => counters.Frames);
        Counter(
            "sigma.control.verifications", "{signature}", "Signatures that were verified.",
            () => desk.Verifier.Verifications);
        Counter(
            "sigma.control.accusations", "{accusation}", "Offences of validators that were seen.",
            () => counters.Accusations);
        Counter("sigma.control.restarts", "{restart}", "Restarts of the replica.", () => counters.Restarts);
        Counter(
            "sigma.control.sends.refused", "{frame}", "Frames that a link did not take.",
            () => counters.SendsRefused);
        meter.CreateObservableCounter(
            "sigma.control.frames.refused", () => Refused(counters), "{frame}",
            "Frames of peers that did not reach the core, by reason.");

        void Gauge(string name, string unit, string description, Func<ControlStatus, long> read) =>
            meter.CreateObservableGauge(name, () => read(desk.Board.Status), unit, description);

        void Counter(string name, string unit, string description, Func<long> read) =>
            meter.CreateObservableCounter(name, read, unit, description);
    }

    private static List<Measurement<long>> Refused(ControlCounters counters)
    {
        List<Measurement<long>> measurements = [];
        foreach (RefusedFrame reason in Enum.GetValues<RefusedFrame>())
        {
            measurements.Add(new Measurement<long>(
                counters.Refused(reason), new KeyValuePair<string, object?>("reason", $"{reason}")));
        }

        return measurements;
    }
}
