namespace SigmaComms.Client.Tests.Support;

/// <summary>How often the fake cluster does what. All zero at first.</summary>
internal sealed class FaultPlan
{
    /// <summary>Stores a deposit, then breaks the link instead of answering.</summary>
    public double LoseAnswer { get; set; }

    /// <summary>Delivers a message twice.</summary>
    public double Duplicate { get; set; }

    /// <summary>Delivers later, after others.</summary>
    public double Delay { get; set; }

    /// <summary>Refuses a deposit for now.</summary>
    public double Refuse { get; set; }

    /// <summary>How many of the next deposits are refused for now.</summary>
    public int RefuseNext { get; set; }

    /// <summary>Until then every deposit is refused as too fast, with the rest of the time as the wait.</summary>
    public DateTimeOffset TooFastUntil { get; set; }

    /// <summary>How many one-time prekeys the directory says that it has; null for the truth.</summary>
    public uint? PrekeysClaimed { get; set; }

    /// <summary>Breaks the link before doing anything.</summary>
    public double Cut { get; set; }

    public void Calm() => LoseAnswer = Duplicate = Delay = Refuse = Cut = 0;
}
