using System.Globalization;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Networks;

/// <summary>
/// Machines, each with a cable to one of two switches: all to the left one at first. What is not plugged into the same
/// switch does not hear of each other, as where a network is torn: nothing is refused, frames are gone.
/// </summary>
internal sealed class SwitchedNetwork : IDisposable
{
    private readonly NetworkNamespace _switches = new();
    private readonly List<NetworkNamespace> _machines = [];

    public SwitchedNetwork(int count)
    {
        try
        {
            _switches.Configure(
                "link add left type bridge", "link set left up", "link add right type bridge", "link set right up");
            for (int i = 0; i < count; i++)
            {
                Add(i);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    public NetworkNamespace this[int machine] => _machines[machine];

    public static string AddressOf(int machine) =>
        string.Create(CultureInfo.InvariantCulture, $"10.83.0.{machine + 1}");

    /// <summary>Plugs some into the right switch, and all others into the left one.</summary>
    public void Split(params int[] right) => _switches.Configure(
    [
        .. Enumerable.Range(0, _machines.Count)
            .Select(machine => $"link set {PortOf(machine)} master {(right.Contains(machine) ? "right" : "left")}"),
    ]);

    /// <summary>Plugs all into one switch.</summary>
    public void Heal() => Split();

    /// <summary>Pulls a machine's cable.</summary>
    public void Unplug(int machine) => _switches.Configure($"link set {PortOf(machine)} down");

    /// <summary>Plugs it in again.</summary>
    public void Plug(int machine) => _switches.Configure($"link set {PortOf(machine)} up");

    public void Dispose()
    {
        _machines.ForEach(machine => machine.Dispose());
        _switches.Dispose();
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "network namespaces need root on Linux";
        }

        string[] missing = [.. new[] { "unshare", "nsenter", "ip" }.Where(tool => SystemTool.Find(tool) is null)];
        if (missing.Length > 0)
        {
            return $"not installed: {string.Join(", ", missing)}";
        }

        try
        {
            new SwitchedNetwork(1).Dispose();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return $"this machine does not let root make network namespaces with bridges: {refused.Message}";
        }
    }

    private static string PortOf(int machine) => string.Create(CultureInfo.InvariantCulture, $"port{machine}");

    private void Add(int machine)
    {
        NetworkNamespace added = new();
        _machines.Add(added);
        string holder = added.Holder.ToString(CultureInfo.InvariantCulture);
        _switches.Configure(
            $"link add {PortOf(machine)} type veth peer name eth0 netns {holder}",
            $"link set {PortOf(machine)} master left",
            $"link set {PortOf(machine)} up");
        added.Configure(
            "link set lo up", $"address add {AddressOf(machine)}/24 dev eth0", "link set eth0 up");
    }
}
