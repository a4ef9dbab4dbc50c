using SigmaComms.Cluster.Control;

namespace SigmaComms.Node.Configuration;

/// <summary>What one node keeps on this machine.</summary>
/// <param name="Root">The folder.</param>
internal sealed record NodeFolder(string Root)
{
    /// <summary>How to run it.</summary>
    public string ConfigurationFile => Path.Combine(Root, "node.json");

    /// <summary>Its signing key.</summary>
    public string KeyFile => Path.Combine(Root, "node.key");

    /// <summary>The operator's signed word that it may take part.</summary>
    public string AdmissionFile => Path.Combine(Root, "node.admission");

    /// <summary>Why the cluster refused it when it ran last; not there if it did not.</summary>
    public string RefusedFile => Path.Combine(Root, "node.refused");

    /// <summary>What the operator needs to sign that.</summary>
    public string RequestFile => Path.Combine(Root, "node.request");

    /// <summary>Mailboxes, directory and attachments.</summary>
    public string DataFolder => Path.Combine(Root, "data");

    /// <summary>Its part of the control log: voting keys, log and blocks.</summary>
    public string ControlFolder => Path.Combine(DataFolder, ControlOptions.FolderName);

    /// <summary>Where it answers who may enter this folder.</summary>
    public string Socket => Path.Combine(Root, "node.sock");

    /// <summary>The id of the process that runs it.</summary>
    public string ProcessFile => Path.Combine(Root, "node.pid");

    /// <summary>The rolling log files in JSON.</summary>
    public string LogFolder => Path.Combine(Root, "logs");

    /// <summary>What the log server has not got yet.</summary>
    public string SpoolFolder => Path.Combine(Root, "telemetry");

    /// <summary>What the process wrote.</summary>
    public string LogFile => Path.Combine(Root, "node.log");
}
