using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SigmaComms.Simulation.Nodes;

namespace SigmaComms.Simulation;

/// <summary>What was asked for.</summary>
internal sealed record CommandLine
{
    public ulong? Seed { get; private set; }

    public double Minutes { get; private set; } = 1;

    public ulong? First { get; private set; }

    public bool Shortens { get; private set; }

    public bool TracesMessages { get; private set; }

    /// <summary>Whether to count what 31 validators send.</summary>
    public bool CountsBytes { get; private set; }

    /// <summary>A fault to plant, to see that it is found.</summary>
    public HostFlaw Flaw { get; private set; }

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out CommandLine? line)
    {
        line = new CommandLine();
        bool isGood = true;
        for (int i = 0; i < arguments.Length && isGood; i++)
        {
            string next = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--minutes":
                    isGood = double.TryParse(next, CultureInfo.InvariantCulture, out double minutes) && minutes > 0;
                    line.Minutes = minutes;
                    i++;
                    break;
                case "--first":
                    isGood = ulong.TryParse(next, CultureInfo.InvariantCulture, out ulong first);
                    line.First = first;
                    i++;
                    break;
                case "--plant":
                    isGood = Enum.TryParse(next, out HostFlaw flaw);
                    line.Flaw = flaw;
                    i++;
                    break;
                case "--bytes":
                    line.CountsBytes = true;
                    break;
                case "--messages":
                    line.TracesMessages = true;
                    break;
                case "--shorten":
                    line.Shortens = true;
                    break;
                default:
                    isGood = line.Seed is null
                        && ulong.TryParse(arguments[i], CultureInfo.InvariantCulture, out ulong seed)
                        && (line.Seed = seed) is not null;
                    break;
            }
        }

        line = isGood ? line : null;
        return isGood;
    }
}
