namespace SigmaComms.Client;

/// <summary>A message's way to one device of the recipient. Saying a thing twice changes nothing.</summary>
internal sealed class MessagePart(MessageHandle whole)
{
    private bool _stored;
    private bool _accepted;
    private bool _delivered;

    /// <summary>Sealed and durable here.</summary>
    public void SetStored()
    {
        if (!_stored)
        {
            _stored = true;
            whole.PartStored();
        }
    }

    /// <summary>Durable on two nodes.</summary>
    public void SetAccepted()
    {
        SetStored();
        if (!_accepted)
        {
            _accepted = true;
            whole.PartAccepted();
        }
    }

    /// <summary>Durable on the device.</summary>
    public void SetDelivered()
    {
        SetAccepted();
        if (!_delivered)
        {
            _delivered = true;
            whole.PartDelivered();
        }
    }

    /// <summary>It will not be sent.</summary>
    public void Fail(ClientException failure) => whole.Fail(failure);
}
